import type { KeptVolume } from '../../backend/transfer.ts'
import type { Snapshot, SnapshotPart } from '../../snapshot/snapshot.ts'

/** What a snapshot of volumes knows besides their content. */
export interface About {
  project: string
  /** Made by a command on its own, before it replaced data; `prune` removes those first. */
  automatic: boolean
  /** Of the user, or the command that made it: `before restore`. */
  note?: string
  /** In the order of the snapshot's parts, which have the same names. */
  volumes: SnapshotVolume[]
}

export interface SnapshotVolume extends Pick<KeptVolume, 'name' | 'key' | 'driver' | 'labels' | 'options'> {
  /** The services that used it, sorted. */
  services: string[]
  /** The image of one of its containers, by name or id. */
  image: string
}

export type VolumeSnapshot = Snapshot<About>

export function volumesOf({ about, parts }: VolumeSnapshot): { volume: SnapshotVolume; part: SnapshotPart }[] {
  return about.volumes.flatMap((volume) => {
    const part = parts.find(({ name }) => name === volume.name)
    return part ? [{ volume, part }] : []
  })
}

export function bytesIn({ parts }: VolumeSnapshot): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0)
}
