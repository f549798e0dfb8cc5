import type { Plan } from '../plan/plan.ts'
import type { Step } from '../plan/step.ts'
import { kindOf } from '../stack/address.ts'
import { redact, type Sensitive } from '../stack/sensitive.ts'
import { changeLine } from './changes.ts'
import { maskChange, redactDeep } from './hide.ts'
import type { Palette } from './palette.ts'
import { padEnd, widthOf } from './width.ts'
import { rankOf, titleOf } from './words.ts'

type Kind = 'create' | 'recreate' | 'remove' | 'change'

interface Entry {
  kind: Kind
  title: string
  steps: Step<unknown>[]
}

/** A plan for people: a line a subject with its cause, what differs below it, and a count. Ends with a newline. */
export function planOutput(plan: Plan<unknown>, palette: Palette, sensitive: Sensitive): string {
  const entries = entriesOf(plan)
  const width = Math.max(0, ...entries.map((entry) => widthOf(entry.title)))
  const lines = entries.flatMap((entry) => entryLines(entry, width, plan, palette, sensitive))
  return `${[palette.bold(plan.stack), ...lines, '', totals(plan, entries)].join('\n')}\n`
}

/** What `plan --format json` prints: the plan with every sensitive value taken out. */
export function planData(plan: Plan<unknown>, sensitive: Sensitive): unknown {
  const steps = plan.steps.map((step) => (step.changes ? { ...step, changes: step.changes.map(maskChange) } : step))
  return redactDeep({ ...plan, steps }, sensitive)
}

function entriesOf(plan: Plan<unknown>): Entry[] {
  const addresses = [...new Set(plan.steps.map((step) => step.group ?? step.subject))]
  return addresses
    .sort((a, b) => rankOf(a) - rankOf(b))
    .map((address) => {
      const steps = plan.steps.filter((step) => (step.group ?? step.subject) === address)
      return { kind: kindOfSteps(steps), title: titleOf(address), steps }
    })
}

function kindOfSteps(steps: readonly Step<unknown>[]): Kind {
  const verbs = new Set(steps.map((step) => step.verb))
  const makes = verbs.has('create') || verbs.has('build') || verbs.has('pull')
  if (makes && verbs.has('remove')) return 'recreate'
  if (makes) return 'create'
  return verbs.has('remove') ? 'remove' : 'change'
}

function entryLines(
  entry: Entry,
  width: number,
  plan: Plan<unknown>,
  palette: Palette,
  sensitive: Sensitive,
): string[] {
  const { symbol, colour } = looks(entry.kind, palette)
  const cause = entry.steps.find((step) => step.changes)?.cause ?? entry.steps[0]?.cause ?? ''
  const head = `${colour(symbol)} ${padEnd(entry.title, width)}  ${colour(wordOf(entry))}${cause && `: ${redact(cause, sensitive)}`}`
  const changes = entry.steps.flatMap((step) => step.changes ?? [])
  const details = [
    ...new Set(changes.map((change) => changeLine(change, sensitive))),
    ...new Set(entry.steps.flatMap((step) => whenText(step, plan))),
    ...(entry.steps.some((step) => step.risk === 'data-loss') ? [palette.red('deletes data')] : []),
  ]
  return [head, ...details.map((detail) => `    ${detail}`)]
}

function looks(kind: Kind, palette: Palette): { symbol: string; colour: (text: string) => string } {
  const table = {
    create: { symbol: '+', colour: palette.green },
    recreate: { symbol: '~', colour: palette.yellow },
    change: { symbol: '~', colour: palette.yellow },
    remove: { symbol: '-', colour: palette.red },
  }
  return table[kind]
}

/** `create`, `recreate`, or the verbs themselves where they say more: `build`, `stop`, `start`. */
function wordOf({ kind, steps }: Entry): string {
  const verbs = [...new Set(steps.map((step) => step.verb))].filter((verb) => verb !== 'wait' || steps.length === 1)
  if (kind === 'recreate') return 'recreate'
  if (kind === 'remove') return 'remove'
  return verbs.join(', ')
}

/** A condition in words: `only if image web turns out different`. */
function whenText(step: Step<unknown>, plan: Plan<unknown>): string[] {
  if (!step.when) return []
  const { output } = step.when
  const source = plan.steps.find((each) => each.id === output)
  const what = source ? titleOf(source.subject) : output
  return [`only if ${source?.verb === 'build' ? 'the build of ' : ''}${what} yields something else`]
}

function totals(plan: Plan<unknown>, entries: readonly Entry[]): string {
  if (plan.steps.length === 0) {
    const kept = plan.unchanged.filter((address) => kindOf(address) === 'container').length
    return `Plan: nothing to do${kept > 0 ? ` (${kept} container${kept === 1 ? '' : 's'} up to date)` : ''}`
  }
  const count = (kind: Kind) => entries.filter((entry) => entry.kind === kind).length
  const changes = count('change')
  const counts = `${count('create')} to create, ${count('recreate')} to recreate, ${count('remove')} to remove`
  return `Plan: ${counts}${changes > 0 ? `, ${changes} to change` : ''}`
}
