import type { Engine } from '../../../docker/port.ts'
import { namespacesOf } from '../../../stack/dependencies.ts'
import type { Stack } from '../../../stack/model.ts'
import { COMPOSE } from '../../docker/labels.ts'
import type { Reader } from '../../reader.ts'
import { isOneOff } from '../observe/slots.ts'
import { staleNamespaces } from '../observe/stale-namespaces.ts'
import { engineTransfer } from '../transfer/transfer.ts'
import { containerReader } from './containers.ts'
import { eventReader } from './events.ts'
import { fileStore } from './files.ts'
import { imageReader } from './images.ts'
import { lookReader } from './look.ts'
import { packageReader } from './packages.ts'
import { execReader } from './session.ts'

export function engineReader(engine: Engine): Reader {
  return {
    ...containerReader(engine),
    ...eventReader(engine),
    ...execReader(engine),
    files: fileStore(engine),
    images: imageReader(engine),
    look: lookReader(engine),
    packages: packageReader(engine),
    transfer: engineTransfer(engine),
    logs: (id, options, signal) => engine.logs(id, options, signal),
    version: (signal) => engine.version(signal),
    staleNamespaces: (stack, signal) => staleIn(engine, stack, signal),
  }
}

/** Inspects containers only if services share namespaces. */
async function staleIn(engine: Engine, stack: Stack, signal: AbortSignal): Promise<string[]> {
  if (Object.values(stack.services).every((service) => namespacesOf(service).length === 0)) return []
  const containers = await engine.listContainers({ labels: [`${COMPOSE.project}=${stack.name}`] }, signal)
  const replicas = containers.filter((each) => !isOneOff(each))
  return staleNamespaces(engine, stack, replicas, signal)
}
