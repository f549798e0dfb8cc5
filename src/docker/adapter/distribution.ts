import type { Keyring } from '../auth.ts'
import type { Engine } from '../port.ts'
import { parseReference } from '../reference.ts'
import { aborting, type Link } from './link.ts'

export function distributionCalls(link: Link, keyring: Keyring): Pick<Engine, 'registryDigest'> {
  return {
    async registryDigest(reference, signal) {
      const authconfig = await keyring.credentialsFor(parseReference(reference).registry)
      const options = { ...(authconfig && { authconfig }), ...aborting(signal) }
      const found = await link.call(link.docker.getImage(reference).distribution(options), signal)
      return found.Descriptor.digest
    },
  }
}
