import type { Replica } from '../../src/backend/read/containers.ts'
import type { ContainerState } from '../../src/backend/state.ts'

/** The first container of a service of project `lab`, as a reader lists it. */
export function replicaOf(service: string, state: ContainerState, more: Partial<Replica> = {}): Replica {
  return {
    id: `${service}-id`,
    name: `lab-${service}-1`,
    service,
    number: 1,
    state,
    image: 'app:1',
    status: '',
    command: '',
    created: 0,
    ports: [],
    origin: { workingDir: '', configFiles: [] },
    replacing: false,
    oneoff: false,
    ...more,
  }
}
