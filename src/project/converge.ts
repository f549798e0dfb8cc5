import type { Declared, PendingObservation } from '../backend/backend.ts'
import type { Intent } from '../backend/intent.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import { unwrap } from '../diagnostics/checked.ts'
import type { Emit } from '../execute/event.ts'
import { execute, type Outcome } from '../execute/execute.ts'
import type { Plan } from '../plan/plan.ts'
import { type Aftermath, aftermathOf, CALM, type CarriedOut } from './interference.ts'
import type { Project } from './project.ts'
import type { Converged, RunRequest, Survey, Wanted } from './request.ts'

/**
 * Plans an intent from the observed state. Throws a StackError if no plan is possible.
 * @param observing the observation, if it has already begun
 */
export async function planIntent(
  project: Project,
  { declared, intent: asked }: Wanted,
  signal: AbortSignal = project.signal,
  observing?: PendingObservation<unknown>,
): Promise<Survey> {
  const backend = await project.backend()
  const intent = await withKnownContents(project, declared, asked)
  const observed = await (observing ?? backend.startObserve(signal))(declared.stack, intent)
  const result = backend.plan({ declared, observed, intent })
  const plan = unwrap(result)
  return { plan, facts: backend.facts(declared.stack, observed), warnings: result.ok ? result.warnings : [] }
}

/** Images with a digest in their names are found by their content as well, if a lock file knows it. */
async function withKnownContents(project: Project, declared: Declared, intent: Intent): Promise<Intent> {
  const isPinned = Object.values(declared.stack.services).some(({ image }) => image?.includes('@'))
  if (!isPinned || (intent.kind !== 'up' && intent.kind !== 'run')) return intent
  const { offlineIntent } = await import('./locking/locked-intent.ts')
  if (intent.kind === 'up') return offlineIntent(project, declared, intent)
  const services = [intent.service]
  const { locked } = await offlineIntent(project, declared, { ...intent.up, services })
  return locked ? { ...intent, up: { ...intent.up, locked } } : intent
}

export interface CarryOutOptions {
  signal?: AbortSignal
  /** Receives the events; the project's listener by default. */
  emit?: Emit
  filter?(emit: Emit): Emit
  again?(outcome: Outcome): boolean
}

/** Executes a plan. Failures of steps are in the events and in the outcome; they are not thrown. */
export async function carryOut(
  project: Project,
  plan: Plan<unknown>,
  { signal = project.signal, emit, filter = (each) => each, again = () => false }: CarryOutOptions = {},
): Promise<Outcome> {
  const { listener, clock } = project
  const [backend, heard] = await Promise.all([project.backend(), emit ?? listener.events()])
  const { parallel } = project
  const outcome = await execute(plan, backend.perform, { signal, clock, emit: filter(heard), again, parallel })
  if (!emit) await listener.flush?.()
  return outcome
}

/** Reports every step of a plan as done, without executing it, up to one that certainly could not be done. */
export async function rehearse(project: Project, plan: Plan<unknown>): Promise<Outcome> {
  const { listener, signal, clock } = project
  const [backend, emit] = await Promise.all([project.backend(), listener.events()])
  const outcome = await execute(plan, backend.rehearse, { signal, clock, emit })
  await listener.flush?.()
  return outcome
}

/** The maximum number of attempts if others change the same things. */
const ROUNDS = 3

/** Plans and executes, starting from an observation that has begun; repeats if others changed something in the meantime. */
export async function converge<D extends Declared>(
  project: Project,
  wanted: Wanted<D>,
  observing: PendingObservation<unknown>,
  { signal = project.signal, enough = signal, once = false, filter, confirm }: Omit<RunRequest<D>, 'command' | 'load'>,
): Promise<Converged> {
  for (let round = 1; ; round++) {
    const survey = await (round === 1
      ? planIntent(project, wanted, signal, observing)
      : planAgain(project, wanted, signal))
    await project.warn(survey.warnings)
    confirm?.(survey, wanted.declared)
    const { plan } = survey
    const began = project.runtime.wallTime()
    const isLast = () => enough.aborted || once || round === ROUNDS
    const again = (outcome: Outcome) => !isLast() && isWorthAnotherLook(outcome)
    const outcome = await carryOut(project, plan, { signal: enough, again, ...(filter && { filter }) })
    const { interfered, fallen } = outcome.ok && !once ? await lookBack(project, { plan, began }, wanted.intent) : CALM
    if (isLast()) return { plan, outcome, fallen }
    if (interfered.length > 0) await project.notify({ kind: 'interference', containers: interfered })
    else if (outcome.ok || !isWorthAnotherLook(outcome)) return { plan, outcome, fallen }
  }
}

/** Checks the started containers once more: a program may end right after its start. */
async function lookBack(project: Project, done: CarriedOut, intent: Intent): Promise<Aftermath> {
  const isBringing = intent.kind === 'start' || intent.kind === 'restart' || (intent.kind === 'up' && !intent.noStart)
  if (!isBringing || done.plan.steps.length === 0 || project.signal.aborted) return CALM
  const { reader } = await project.backend()
  const found = await aftermathOf(reader, done, project.runtime.wallTime(), project.signal)
  return intent.kind === 'up' ? found : { ...found, interfered: [] }
}

/** Whether to observe again: all failures are conflicts with others' changes, or the engine went away, which may explain any failure. */
function isWorthAnotherLook({ problems }: Outcome): boolean {
  const away = problems.some((problem) => problem.code === 'engine-unreachable')
  return away || (problems.length > 0 && problems.every((problem) => problem.code === 'moved'))
}

/** Milliseconds to wait for an engine that went away during a command to come back. */
const PATIENCE_MS = 30_000

async function planAgain(project: Project, wanted: Wanted, signal: AbortSignal): Promise<Survey> {
  const { clock } = project
  const until = clock.now() + PATIENCE_MS
  for (;;) {
    try {
      return await planIntent(project, wanted, signal)
    } catch (thrown) {
      if (!isAway(thrown) || clock.now() > until) throw thrown
      await clock.sleep(500, signal)
    }
  }
}
