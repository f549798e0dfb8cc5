import { fields, instead, type Shape, text } from '../../util/shape.ts'
import type { Engine, SystemCalls } from '../port.ts'
import { bodyStart } from './http/body.ts'
import type { Link } from './http/link.ts'
import { requestJson, requestStream } from './http/request.ts'

type VersionAnswer = Record<'Version' | 'ApiVersion' | 'Os' | 'Arch', string>

const isApiVersion = (value: unknown): value is string => typeof value === 'string' && /^\d{1,4}\.\d{1,4}$/.test(value)
const apiVersion: Shape = (value) => (isApiVersion(value) ? undefined : instead(value, 'a version such as 1.41'))
const VERSION = fields({ Version: text, ApiVersion: apiVersion, Os: text, Arch: text })

export function systemCalls(link: Link): SystemCalls {
  const version: Engine['version'] = async (signal) => {
    const request = { method: 'GET', path: '/version', signal } as const
    const { Version, ApiVersion, Os, Arch } = await requestJson<VersionAnswer>(link, request, VERSION)
    return { version: Version, apiVersion: ApiVersion, os: Os, arch: Arch }
  }
  return {
    version,
    async apiVersion(signal) {
      const { 'api-version': value } = await ping(link, signal)
      return isApiVersion(value) ? value : (await version(signal)).apiVersion
    },
  }
}

const MOST_OF_A_PING = 1024
const PING_WAIT_MS = 1000

/** Reads the headers of the answer to a ping; its body may be anything. */
export async function ping(link: Link, signal?: AbortSignal) {
  const response = await requestStream(link, { method: 'GET', path: '/_ping', signal })
  void bodyStart(response, MOST_OF_A_PING, PING_WAIT_MS)
  return response.headers
}
