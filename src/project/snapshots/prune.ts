import type { VolumeSnapshot } from './about.ts'

/** Which snapshots to keep. Without a limit, all. */
export interface Keep {
  /** This many of each project, the newest ones. */
  last?: number
  /** Those of the last milliseconds. */
  ageMs?: number
  automatic?: boolean
}

/** The snapshots that a rule does not keep, oldest first. Pure. */
export function superfluous(all: readonly VolumeSnapshot[], keep: Keep, now: number): VolumeSnapshot[] {
  const { last = Number.POSITIVE_INFINITY, ageMs = Number.POSITIVE_INFINITY, automatic = true } = keep
  const newest = [...all].reverse()
  const rank = (each: VolumeSnapshot) =>
    newest.filter(({ about }) => about.project === each.about.project).findIndex(({ id }) => id === each.id)
  return all.filter(
    (each) => (each.about.automatic && !automatic) || rank(each) >= last || now - Date.parse(each.created) > ageMs,
  )
}
