import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import type { MountPoint } from '../../../docker/port.ts'

interface Mounted {
  mounts: readonly MountPoint[]
}

/** The volumes and directories that a container may write to: volumes by name, directories by path. */
export function writablePlaces({ mounts }: Mounted): string[] {
  const kept = mounts.filter((mount) => !mount.readOnly && (mount.type === 'volume' || mount.type === 'bind'))
  return [...new Set(kept.map(({ name, source }) => name ?? source))].sort()
}

/** The places to which both containers of a replacement may write. */
export function sharedPlaces(old: Mounted, next: Mounted): string[] {
  const others = writablePlaces(next)
  return writablePlaces(old).filter((place) => others.includes(place))
}

/** The warning after a container with another image, which ran on existing data, is replaced by the previous one again. */
export function toldOfData(service: string, places: readonly string[]): Diagnostic {
  const text = `${service}: the discarded container ran another image on ${places.join(', ')}`
  const hint = 'check that the old version can still read it, or restore a backup'
  return warning('data-changed', `${text}: the data may have been changed`, { hint })
}
