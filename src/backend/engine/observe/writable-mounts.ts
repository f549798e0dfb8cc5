import { posix } from 'node:path'
import type { ContainerSummary } from '../../../docker/port.ts'
import type { Mount, Stack } from '../../../stack/model.ts'
import { isAlive, isBeingRemoved } from '../../state.ts'
import { writablePlaces } from './data-risk.ts'

/** The volumes (engine names) and directories (paths) to which a service's containers can write. */
export function placesOf(stack: Stack, name: string, seen: readonly string[] = []): string[] {
  const { volumes = [], volumes_from = [] } = stack.services[name] ?? {}
  const own = volumes.flatMap((mount) => placeOf(stack, mount))
  const borrowed = volumes_from.flatMap((source) => {
    const [owner = '', mode] = source.split(':')
    return owner === 'container' || mode === 'ro' || seen.includes(owner) ? [] : placesOf(stack, owner, [...seen, name])
  })
  return [...new Set([...own, ...borrowed])].sort()
}

function placeOf({ volumes }: Stack, { type, source, read_only }: Mount): string[] {
  if (!source || read_only) return []
  if (type === 'bind') return [source]
  return type === 'volume' ? [volumes[source]?.name ?? source] : []
}

/** The places to which a container can write now: a stopped one writes nothing. */
export function placesHeldBy(container: ContainerSummary): string[] {
  return isInUse(container) ? writablePlaces(container) : []
}

/** Whether a container holds its volumes and addresses; one under removal may do so until it is gone. */
export function isInUse(container: ContainerSummary): boolean {
  return isAlive(container) || isBeingRemoved(container)
}

/** Whether data written to one place may appear in the other: they are equal, or one directory contains the other. */
export function isSamePlace(one: string, other: string): boolean {
  if (!one.startsWith('/') || !other.startsWith('/')) return one === other
  const [a, b] = [one, other].map((path) => posix.join(path, '/')) as [string, string]
  return a.startsWith(b) || b.startsWith(a)
}
