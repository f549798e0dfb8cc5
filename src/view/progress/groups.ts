import type { StepInfo } from '../../execute/event.ts'
import type { FieldChange } from '../../plan/step.ts'
import type { Address } from '../../stack/address.ts'
import { rankOf, titleOf } from './words.ts'

export type StepState = 'waiting' | 'running' | 'done' | 'failed' | 'unneeded' | 'skipped' | 'interrupted'

export interface StepRow {
  info: StepInfo
  state: StepState
  /** Milliseconds since the start of the command. */
  startedAt?: number
  endedAt?: number
  progress?: { text: string; done?: number; total?: number; running?: string[] }
}

/** The steps of one group: one line of a view. */
export interface Group {
  address: Address
  title: string
  steps: StepRow[]
  changes: FieldChange[]
}

export function isOver(row: Pick<StepRow, 'state'>): boolean {
  return row.state !== 'waiting' && row.state !== 'running'
}

/** The state of a group: running steps take precedence, then failures. */
export function stateOf(group: Group): StepState {
  const has = (state: StepState) => group.steps.some((row) => row.state === state)
  if (has('running')) return 'running'
  if (has('failed')) return 'failed'
  if (has('interrupted')) return 'interrupted'
  if (has('skipped')) return 'skipped'
  if (has('waiting')) return 'waiting'
  return has('done') ? 'done' : 'unneeded'
}

/** The last of a group's steps in a state. */
export function latest(group: Group, state: StepState): StepRow | undefined {
  return group.steps.filter((row) => row.state === state).at(-1)
}

/** Milliseconds during which a group's steps ran, excluding gaps. */
export function workedFor(group: Group, at: number): number {
  return group.steps.reduce(
    (total, row) => total + (row.startedAt === undefined ? 0 : (row.endedAt ?? at) - row.startedAt),
    0,
  )
}

/** The groups in display order. */
export function groupsOf(rows: StepRow[]): Group[] {
  const byAddress = new Map<Address, StepRow[]>()
  for (const row of rows) {
    const others = byAddress.get(row.info.group)
    if (others) others.push(row)
    else byAddress.set(row.info.group, [row])
  }
  const groups = [...byAddress].map(([address, steps]) => {
    const changes = steps.flatMap((row) => row.info.changes ?? [])
    return { address, title: titleOf(address), steps, changes: withoutRepeats(changes) }
  })
  // The order of stops has no meaning for readers.
  const stops = rows.every(({ info }) => STOPS.has(info.verb))
  return groups.sort((a, b) => rankOf(a.address) - rankOf(b.address) || (stops ? byName(a.title, b.title) : 0))
}

const STOPS: ReadonlySet<string> = new Set(['stop', 'kill', 'pause', 'unpause', 'remove', 'update'])

/** Sorts `web-2` before `web-10`. */
function byName(a: string, b: string): number {
  const [[left, one], [right, two]] = [numbered(a), numbered(b)]
  return left < right ? -1 : left > right ? 1 : one - two
}

function numbered(title: string): [string, number] {
  const number = /-(\d+)$/.exec(title)
  return number ? [title.slice(0, number.index), Number(number[1])] : [title, 0]
}

/** Removes duplicates: several steps of a replacement may have the same changes. */
function withoutRepeats(changes: FieldChange[]): FieldChange[] {
  return [...new Map(changes.map((change) => [change.path, change])).values()]
}
