import type { Plan } from '../plan/plan.ts'
import { type Step, type StepId, undoes } from '../plan/step.ts'
import type { Secrets } from '../redact/mask-problem.ts'
import type { Address } from '../stack/address.ts'
import { kindOf } from '../stack/address.ts'
import { changeLine } from './changes.ts'
import type { Palette } from './palette.ts'
import { isReplacement, isRestart, rankOf, titleOf } from './progress/words.ts'
import { prose } from './prose.ts'
import { maskedPlan } from './redact/masked.ts'
import { oneLine } from './redact/visible.ts'
import { padEnd, widthOf } from './width.ts'

type Kind = 'create' | 'recreate' | 'remove' | 'change'

type Shown = Pick<Secrets, 'sensitive' | 'ownCommand'>

type Steps = ReadonlyMap<StepId, Step<unknown>>

interface Look {
  palette: Palette
  /** The width at which sentences are wrapped. */
  wrapAt: number
}

interface Entry {
  kind: Kind
  title: string
  steps: Step<unknown>[]
}

/**
 * Formats a plan for people: one line per subject with its cause, its changes below it, and a final count. Ends with a newline.
 * @param wrapAt the width of the terminal
 */
export function planOutput(whole: Plan<unknown>, palette: Palette, secrets: Shown, wrapAt = Infinity): string {
  const plan = maskedPlan(whole, secrets)
  const entries = entriesOf(plan)
  const steps = new Map(plan.steps.map((step) => [step.id, step]))
  const width = Math.max(0, ...entries.map((entry) => widthOf(entry.title)))
  const lines = entries.flatMap((entry) => entryLines(entry, width, steps, { palette, wrapAt }))
  return `${[palette.bold(oneLine(plan.stack)), ...lines, '', prose(totals(plan, entries), { columns: wrapAt, indent: 2 })].join('\n')}\n`
}

/** A plan whose steps lack the actions' payload. */
type PlanData = Omit<Plan<unknown>, 'steps'> & { steps: Omit<Step<unknown>, 'action'>[] }

/**
 * The output of `plan --format json`: the plan with all sensitive values masked. Of an action, only the kind is included: its
 * payload contains environments, whose secrets may be too short to be distinguished from ordinary words.
 */
export function planData(plan: Plan<unknown>, secrets: Shown): PlanData {
  const masked = maskedPlan(plan, secrets)
  const steps = masked.steps.map(({ action, ...step }) => ({
    ...step,
    ...(typeof action === 'object' && action !== null && 'kind' in action && { action: { kind: action.kind } }),
  }))
  return { ...masked, steps }
}

function entriesOf(plan: Plan<unknown>): Entry[] {
  const grouped = new Map<Address, Step<unknown>[]>()
  for (const step of plan.steps.filter((each) => !undoes(each))) {
    const address = step.group ?? step.subject
    const steps = grouped.get(address) ?? []
    steps.push(step)
    grouped.set(address, steps)
  }
  return [...grouped]
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([address, steps]) => ({ kind: kindOfSteps(steps), title: titleOf(address), steps }))
}

function kindOfSteps(steps: readonly Step<unknown>[]): Kind {
  const verbs = new Set(steps.map((step) => step.verb))
  const makes = verbs.has('create') || verbs.has('build') || verbs.has('pull')
  if (isReplacement(verbs)) return 'recreate'
  if (makes) return 'create'
  return verbs.has('remove') ? 'remove' : 'change'
}

function entryLines(entry: Entry, width: number, all: Steps, { palette, wrapAt }: Look): string[] {
  const { symbol, colour } = looks(entry.kind, palette)
  const cause = oneLine(causeOf(entry))
  const head = `${colour(symbol)} ${padEnd(entry.title, width)}  ${colour(wordOf(entry))}`
  const taken = widthOf(head) + 2
  const changes = entry.steps.flatMap((step) => step.changes ?? [])
  const details = [
    ...new Set(changes.map((change) => changeLine(change))),
    ...new Set(entry.steps.flatMap((step) => whenText(step, all))),
    ...(entry.steps.some((step) => step.risk === 'data-loss') ? [palette.red('deletes data')] : []),
  ]
  const whole = cause ? `${head}: ${prose(cause, { columns: wrapAt, taken, indent: 4 })}` : head
  return [whole, ...details.map((detail) => `    ${prose(detail, { columns: wrapAt, taken: 4, indent: 6 })}`)]
}

/** A resumed replacement does not create the container: the earlier command did. */
function causeOf({ kind, steps }: Entry): string {
  if (kind === 'recreate' && !steps.some((step) => step.verb === 'create')) return 'completing an interrupted recreate'
  return steps.find((step) => step.changes)?.cause ?? steps[0]?.cause ?? ''
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

/** `create`, `recreate`, or the verbs themselves if they are more precise: `build`, `stop`, `start`. */
function wordOf({ kind, steps }: Entry): string {
  if (kind === 'recreate' || kind === 'remove') return kind
  const verbs = [...new Set(steps.map((step) => step.verb))]
  if (isRestart(new Set(verbs))) return 'restart'
  const telling = verbs.filter((verb) => !MINOR.has(verb))
  return (telling.length > 0 ? telling : verbs).join(', ')
}

/** Verbs that only accompany others: shown only if a group has no other verbs. */
const MINOR: ReadonlySet<string> = new Set(['wait', 'check'])

/** Describes a condition: `only if image web turns out different`. */
function whenText(step: Step<unknown>, all: Steps): string[] {
  if (!step.when) return []
  const { output } = step.when
  const source = all.get(output)
  const what = source ? titleOf(source.subject) : output
  return [`only if ${source?.verb === 'build' ? 'the build of ' : ''}${what} yields a different result`]
}

function totals(plan: Plan<unknown>, entries: readonly Entry[]): string {
  if (plan.steps.length === 0) {
    const kept = plan.unchanged.filter((address) => kindOf(address) === 'container').length
    return `Plan: nothing to do${kept > 0 ? ` (${kept} container${kept === 1 ? '' : 's'} up to date)` : ''}`
  }
  const counts = new Map<string, number>()
  for (const word of entries.flatMap(countedAs)) counts.set(word, (counts.get(word) ?? 0) + 1)
  const parts = COUNTED.filter((word) => counts.has(word)).map((word) => `${counts.get(word)} to ${word}`)
  return `Plan: ${parts.join(', ') || 'only waiting'}`
}

const COUNTED = [
  'push',
  'create',
  'recreate',
  'remove',
  'start',
  'stop',
  'restart',
  'kill',
  'pause',
  'unpause',
  'change',
]

/** Counts groups that only start or stop separately from those that change something; groups that only wait do not count. */
function countedAs({ kind, steps }: Entry): string[] {
  if (kind !== 'change') return [kind]
  const verbs = new Set(steps.map((step) => step.verb).filter((verb) => !MINOR.has(verb)))
  if (verbs.size === 0) return []
  if (isRestart(verbs)) return ['restart']
  const [only = ''] = verbs
  return [verbs.size === 1 && COUNTED.includes(only) ? only : 'change']
}
