import type { Engine } from '../port.ts'
import { type Link, requestJson, requestStream } from './link.ts'

export function systemCalls(link: Link): Pick<Engine, 'version' | 'apiVersion'> {
  const version: Engine['version'] = async (signal) => {
    const answer = await requestJson(link, { method: 'GET', path: '/version', signal })
    const { Version, ApiVersion, Os, Arch } = answer as Record<'Version' | 'ApiVersion' | 'Os' | 'Arch', string>
    return { version: Version, apiVersion: ApiVersion, os: Os, arch: Arch }
  }
  return {
    version,
    async apiVersion(signal) {
      const response = await requestStream(link, { method: 'GET', path: '/_ping', signal })
      response.resume()
      const told = response.headers['api-version']
      return typeof told === 'string' ? told : (await version(signal)).apiVersion
    },
  }
}
