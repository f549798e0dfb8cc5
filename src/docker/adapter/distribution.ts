import { fields, id } from '../../util/shape.ts'
import type { Keyring } from '../auth.ts'
import type { Engine } from '../port.ts'
import { parseReference } from '../reference.ts'
import type { Link } from './http/link.ts'
import { requestJson } from './http/request.ts'

export function distributionCalls(link: Link, keyring: Keyring): Pick<Engine, 'registryDigest'> {
  return {
    async registryDigest(reference, signal) {
      const authconfig = await keyring.credentialsFor(parseReference(reference).registry)
      const request = { method: 'GET', path: `/distribution/${reference}/json`, signal, pace: 'slow' } as const
      const found = await requestJson<Found>(link, { ...request, ...(authconfig && { authconfig }) }, FOUND)
      return found.Descriptor.digest
    },
  }
}

interface Found {
  Descriptor: { digest: string }
}

const FOUND = fields({ Descriptor: fields({ digest: id }) })
