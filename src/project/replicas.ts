import type { Replica } from '../backend/read/containers.ts'
import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { ownCommand } from '../diagnostics/own-command.ts'

/** A container's name in lists of one project: `web-1`. */
export function replicaName(replica: Pick<Replica, 'service' | 'number'>): string {
  return `${replica.service}-${replica.number}`
}

/**
 * A container's name in logs: `web-1`, or its own name if it differs from Compose's default. During a replacement, that name is a
 * temporary one.
 */
export function logName({ service, number, name }: ReplicaRef & { name?: string }, project: string): string {
  const own = name?.replace(/_next$/, '').replace(/^[0-9a-f]{12}_/, '')
  const usual = ['-', '_'].map((separator) => [project, service, number].join(separator))
  return own === undefined || usual.includes(own) ? replicaName({ service, number }) : own
}

type ReplicaRef = Pick<Replica, 'service' | 'number'>

/** The containers of the named services, or all. Throws StackError for a name that no container has. */
export function ofServices<R extends Replica>(
  replicas: readonly R[],
  services: readonly string[],
  project: string,
): R[] {
  if (services.length === 0) return [...replicas]
  const known = [...new Set(replicas.map((replica) => replica.service))].sort()
  const unknown = services.filter((service) => !known.includes(service))
  if (unknown.length > 0) throw new StackError(unknown.map((service) => noSuchService(service, known, project)))
  return replicas.filter((replica) => services.includes(replica.service))
}

function noSuchService(service: string, known: readonly string[], project: string) {
  const hint = known.length > 0 ? `there are containers of ${known.join(', ')}` : `${ownCommand('up')} creates them`
  return error('unknown-service', `project ${project} has no container of service "${service}"`, { hint })
}
