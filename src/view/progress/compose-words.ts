import { createHash } from 'node:crypto'
import type { RunEvent, StepInfo } from '../../execute/event.ts'
import type { StepId, Verb } from '../../plan/step.ts'
import { type Address, kindOf } from '../../stack/address.ts'
import type { Facts } from '../contract.ts'
import { withoutCommandMarks } from '../prose.ts'
import { isReplacement, isRestart } from './words.ts'

/** One line of `docker compose --progress json` (docker/compose 5.5, cmd/display/json.go), with its order of fields. */
export interface ComposeLine {
  /** A resource, e.g. `Container lab-web-1`. */
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

type Reported = Omit<ComposeLine, 'id'> & { id: Address }

type Names = Pick<Facts, 'engineName' | 'isDryRun'>

/** Translates events into the lines of `docker compose`. */
export class ComposeWords {
  #stack = ''
  readonly #steps = new Map<StepId, StepInfo>()
  readonly #verbs = new Map<Address, Set<Verb>>()

  constructor(private readonly facts: Names) {}

  /** The step of an event. */
  stepOf(event: RunEvent): StepInfo | undefined {
    return 'step' in event ? this.#steps.get(event.step) : undefined
  }

  linesOf(event: RunEvent): ComposeLine[] {
    if (event.type === 'plan') this.#read(event.stack, event.steps)
    const step = this.stepOf(event)
    if (this.facts.isDryRun && step?.verb === 'build') return rehearsedBuild(event, step, this.#nameOf(step.subject))
    return this.#toldBy(event).map(({ id, ...line }) => ({ id: this.#idOf(id), ...line }))
  }

  #read(stack: string, steps: readonly StepInfo[]): void {
    this.#stack = stack
    for (const step of steps) {
      this.#steps.set(step.id, step)
      if (step.phase) continue
      const verbs = this.#verbs.get(step.subject) ?? new Set()
      this.#verbs.set(step.subject, verbs.add(step.verb))
    }
  }

  #idOf(address: Address): string {
    return `${{ ...KINDS, ...OTHER_KINDS }[kindOf(address)]} ${this.#nameOf(address)}`
  }

  #nameOf(address: Address): string {
    return this.facts.engineName(address, this.#stack)
  }

  #toldBy(event: RunEvent): Reported[] {
    if (event.type === 'plan') return event.unchanged.filter(isContainer).map((id) => reported(id, 'Done', 'Running'))
    const step = this.stepOf(event)
    if (!step) return []
    const { subject } = step
    if (event.type === 'step-fail')
      return [{ ...reported(subject, 'Error', 'Error'), details: withoutCommandMarks(event.problem.message) }]
    const texts = this.#textsOf(step)
    if (event.type === 'step-start') return texts[0] ? [reported(subject, 'Working', texts[0])] : []
    if (event.type === 'step-done') return texts[1] ? [reported(subject, 'Done', texts[1])] : []
    return event.type === 'step-progress' && texts[0]
      ? [{ ...reported(subject, 'Working', texts[0]), ...amount(event) }]
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

/** Dry runs of builds have their own lines (docker/compose 5.5, pkg/compose/build_bake.go, `dryRunBake`). */
function rehearsedBuild({ type }: RunEvent, { service = '' }: StepInfo, image: string): ComposeLine[] {
  const done = (id: string, text: string): ComposeLine => ({ id, status: 'Done', text })
  if (type === 'step-done') return [done(service, 'Built')]
  if (type !== 'step-start') return []
  const id = createHash('sha1').update(service).digest('hex')
  return [done(`${service} ==>`, `==> writing image dryRun-${id}`), done(`${service} ==> ==>`, `naming to ${image}`)]
}

function isContainer(address: Address): boolean {
  return kindOf(address) === 'container'
}

function reported(id: Address, status: ComposeLine['status'], text: string): Reported {
  return { id, status, text }
}

function amount({ text, done, total }: Extract<RunEvent, { type: 'step-progress' }>): Partial<Reported> {
  if (done === undefined || !total) return { details: text }
  return { details: text, current: done, total, percent: Math.floor((100 * done) / total) }
}
