import type { Replica } from '../backend/read/containers.ts'
import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'

/** `web-1`: how a container is called in lists of one project. */
export function replicaName(replica: Pick<Replica, 'service' | 'number'>): string {
  return `${replica.service}-${replica.number}`
}

/** The containers of the named services, or all. Throws StackError for a name that no container has. */
export function ofServices(replicas: readonly Replica[], services: readonly string[], project: string): Replica[] {
  if (services.length === 0) return [...replicas]
  const known = [...new Set(replicas.map((replica) => replica.service))].sort()
  const unknown = services.filter((service) => !known.includes(service))
  if (unknown.length > 0) throw new StackError(unknown.map((service) => noSuchService(service, known, project)))
  return replicas.filter((replica) => services.includes(replica.service))
}

function noSuchService(service: string, known: readonly string[], project: string) {
  const hint = known.length > 0 ? `there are containers of ${known.join(', ')}` : 'flotilla up creates them'
  return error('unknown-service', `project ${project} has no container of service "${service}"`, { hint })
}
