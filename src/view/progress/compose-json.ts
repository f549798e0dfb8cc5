import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { RunEvent, StepInfo } from '../../execute/event.ts'
import type { StepId, Verb } from '../../plan/step.ts'
import { type Address, kindOf } from '../../stack/address.ts'
import type { Facts, View } from '../contract.ts'
import { jsonText } from '../redact/visible.ts'
import type { Terminal } from '../terminal.ts'
import { isReplacement, isRestart } from './words.ts'

/** One line of `docker compose --progress json` (docker/compose 5.5, cmd/display/json.go), with its order of fields. */
interface Line {
  'dry-run'?: true
  id: string
  status: 'Working' | 'Done' | 'Warning' | 'Error'
  /** One of the texts of pkg/api/event.go, which programs match. */
  text: string
  details?: string
  current?: number
  total?: number
  percent?: number
}

type Texts = [working?: string | undefined, done?: string]

/** Texts for a running and a finished step. For Compose, steps with other verbs are parts of these. */
const TEXTS: Partial<Record<Verb, Texts>> = {
  pull: ['Pulling', 'Pulled'],
  push: ['Pushing', 'Pushed'],
  build: ['Building', 'Built'],
  create: ['Creating', 'Created'],
  start: ['Starting', 'Started'],
  wait: ['Waiting', 'Healthy'],
  stop: ['Stopping', 'Stopped'],
  kill: ['Killing', 'Killed'],
  pause: [undefined, 'Paused'],
  unpause: [undefined, 'Unpaused'],
  remove: ['Removing', 'Removed'],
}

const KINDS = { container: 'Container', oneoff: 'Container', orphan: 'Container', image: 'Image' } as const
const OTHER_KINDS = { network: 'Network', volume: 'Volume', service: 'Service', stack: 'Compose' } as const

/** Prints the progress lines of `docker compose`, for programs that parse them. */
export function composeJsonView(terminal: Terminal, facts: Pick<Facts, 'engineName' | 'isDryRun'>): View {
  const print = (value: object) => terminal.err.write(`${jsonText(value)}\n`)
  const dry = facts.isDryRun ? { 'dry-run': true as const } : {}
  const words = new Wording()
  return {
    emit(event) {
      if (event.type === 'plan') words.read(event.stack, event.steps)
      for (const { id, ...line } of words.linesOf(event)) {
        const kind = { ...KINDS, ...OTHER_KINDS }[kindOf(id)]
        print({ ...dry, id: `${kind} ${facts.engineName(id, words.stack)}`, ...line })
      }
    },
    problems(diagnostics) {
      for (const each of diagnostics) print(isError(each) ? failure(each) : { level: 'warning', msg: textOf(each) })
    },
    say: (text) => print({ level: 'info', msg: text }),
    beside: (print) => print(),
    async flush() {},
  }
}

function failure(problem: Diagnostic): object {
  return { error: true, message: textOf(problem) }
}

/** Formats a problem on one line, with its position first. */
function textOf({ at, message, hint }: Diagnostic): string {
  const place = at ? `${at.file}:${at.line}:${at.col}: ` : ''
  return `${place}${message}${hint ? ` (${hint})` : ''}`
}

type Told = Omit<Line, 'id' | 'dry-run'> & { id: Address }

/** Translates the steps of a plan into Compose's texts. */
class Wording {
  stack = ''
  readonly #steps = new Map<StepId, StepInfo>()
  readonly #verbs = new Map<Address, Set<Verb>>()

  read(stack: string, steps: readonly StepInfo[]): void {
    this.stack = stack
    for (const step of steps) {
      this.#steps.set(step.id, step)
      if (step.phase) continue
      const verbs = this.#verbs.get(step.subject) ?? new Set()
      this.#verbs.set(step.subject, verbs.add(step.verb))
    }
  }

  linesOf(event: RunEvent): Told[] {
    if (event.type === 'plan') return event.unchanged.filter(isContainer).map((id) => told(id, 'Done', 'Running'))
    const step = 'step' in event ? this.#steps.get(event.step) : undefined
    if (!step) return []
    const { subject } = step
    if (event.type === 'step-fail') return [{ ...told(subject, 'Error', 'Error'), details: textOf(event.problem) }]
    const texts = this.#textsOf(step)
    if (event.type === 'step-start') return texts[0] ? [told(subject, 'Working', texts[0])] : []
    if (event.type === 'step-done') return texts[1] ? [told(subject, 'Done', texts[1])] : []
    return event.type === 'step-progress' && texts[0]
      ? [{ ...told(subject, 'Working', texts[0]), ...amount(event) }]
      : []
  }

  #textsOf({ verb, subject, awaits, phase }: StepInfo): Texts {
    const verbs = this.#verbs.get(subject) ?? new Set()
    const texts = TEXTS[verb] ?? []
    if (awaits === 'completed') return ['Waiting', 'Exited']
    if (phase || !isContainer(subject)) return texts
    if (isReplacement(verbs)) return verb === 'create' ? ['Recreate', 'Recreated'] : verb === 'start' ? texts : []
    if (!isRestart(verbs)) return texts
    return verb === 'stop' ? ['Restarting'] : verb === 'start' ? [undefined, 'Started'] : texts
  }
}

function isContainer(address: Address): boolean {
  return kindOf(address) === 'container'
}

function told(id: Address, status: Line['status'], text: string): Told {
  return { id, status, text }
}

function amount({ text, done, total }: Extract<RunEvent, { type: 'step-progress' }>): Partial<Told> {
  if (done === undefined || !total) return { details: text }
  return { details: text, current: done, total, percent: Math.floor((100 * done) / total) }
}
