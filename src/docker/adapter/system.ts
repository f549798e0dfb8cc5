import type { Engine } from '../port.ts'
import { type Link, requestJson } from './link.ts'

export function systemCalls(link: Link): Pick<Engine, 'version'> {
  return {
    async version(signal) {
      const answer = await requestJson(link, { method: 'GET', path: '/version', signal })
      const { Version, ApiVersion, Os, Arch } = answer as Record<'Version' | 'ApiVersion' | 'Os' | 'Arch', string>
      return { version: Version, apiVersion: ApiVersion, os: Os, arch: Arch }
    },
  }
}
