import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { VolumeSnapshot } from './about.ts'

/** Stands for the newest snapshot of a project. */
export const LATEST = 'latest'

/** The snapshot with an id, the beginning of one, or a note; `latest` is the newest of the project that is not automatic. */
export function chosenSnapshot(all: readonly VolumeSnapshot[], word: string, project: string): VolumeSnapshot {
  const own = all.filter(({ about }) => about.project === project)
  if (word === LATEST) return demand(own.filter(({ about }) => !about.automatic).at(-1), word)
  const exact = all.find(({ id }) => id === word)
  if (exact) return exact
  const found = all.filter(({ id, about }) => id.startsWith(word) || (about.project === project && about.note === word))
  if (found.length > 1) throw ambiguous(word, found)
  return demand(found[0], word)
}

function demand(found: VolumeSnapshot | undefined, word: string): VolumeSnapshot {
  if (found) return found
  const hint = `${ownCommand('snapshot ls')} lists them`
  throw new StackError([error('unknown-snapshot', `there is no snapshot "${word}"`, { hint })])
}

function ambiguous(word: string, found: readonly VolumeSnapshot[]): StackError {
  const hint = `name one of ${found.map(({ id }) => id).join(', ')}`
  return new StackError([error('unknown-snapshot', `${found.length} snapshots match "${word}"`, { hint })])
}
