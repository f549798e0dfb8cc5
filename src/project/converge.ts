import type { Declared, PendingObservation } from '../backend/backend.ts'
import type { Intent } from '../backend/intent.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import { unwrap } from '../diagnostics/checked.ts'
import type { Emit } from '../execute/event.ts'
import { execute, type Outcome } from '../execute/execute.ts'
import type { Plan } from '../plan/plan.ts'
import { type Aftermath, aftermathOf, CALM, type CarriedOut } from './interference.ts'
import { parallelLimit } from './parallel-limit.ts'
import type { Project } from './project.ts'
import type { Converged, RunRequest, Survey, Wanted } from './request.ts'

/**
 * Plans for an intent from the world as it is. Throws StackError if there can be no plan.
 * @param observing the observation, if it has begun
 */
export async function planIntent(
  project: Project,
  { declared, intent }: Wanted,
  signal: AbortSignal = project.signal,
  observing?: PendingObservation<unknown>,
): Promise<Survey> {
  const backend = await project.backend()
  const observed = await (observing ?? backend.startObserve(signal))(declared.stack, intent)
  const result = backend.plan({ declared, observed, intent })
  const plan = unwrap(result)
  return { plan, facts: backend.facts(declared.stack, observed), warnings: result.ok ? result.warnings : [] }
}

export interface CarryOutOptions {
  signal?: AbortSignal
  /** Takes the events; by default the project's listener does. */
  emit?: Emit
  filter?(emit: Emit): Emit
  again?(outcome: Outcome): boolean
}

/** Carries a plan out. Failures of steps are in the events and in the outcome, not thrown. */
export async function carryOut(
  project: Project,
  plan: Plan<unknown>,
  { signal = project.signal, emit, filter = (each) => each, again = () => false }: CarryOutOptions = {},
): Promise<Outcome> {
  const { listener, clock } = project
  const [backend, heard] = await Promise.all([project.backend(), emit ?? listener.events()])
  const parallel = parallelLimit(project.source.parallel, project.variable('COMPOSE_PARALLEL_LIMIT'))
  const outcome = await execute(plan, backend.perform, { signal, clock, emit: filter(heard), again, parallel })
  if (!emit) await listener.flush?.()
  return outcome
}

/** Reports every step of a plan as if it were done, and does nothing. */
export async function rehearse({ listener, signal, clock }: Project, plan: Plan<unknown>): Promise<void> {
  await execute(plan, async () => ({}), { signal, clock, emit: await listener.events() })
  await listener.flush?.()
}

/** How often a command looks again when others change what it works on. */
const ROUNDS = 3

/** Plans and carries out, from an observation that has begun; again if others changed something meanwhile. */
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
    const { disturbed, fallen } = outcome.ok && !once ? await lookBack(project, { plan, began }, wanted.intent) : CALM
    if (isLast()) return { plan, outcome, fallen }
    if (disturbed.length > 0) await project.notify({ kind: 'disturbed', containers: disturbed })
    else if (outcome.ok || !isWorthAnotherLook(outcome)) return { plan, outcome, fallen }
  }
}

/** Looks once more at what was brought up: a program may have ended right after its start. */
async function lookBack(project: Project, done: CarriedOut, intent: Intent): Promise<Aftermath> {
  const isBringing = intent.kind === 'start' || intent.kind === 'restart' || (intent.kind === 'up' && !intent.noStart)
  if (!isBringing || done.plan.steps.length === 0 || project.signal.aborted) return CALM
  const { reader } = await project.backend()
  const found = await aftermathOf(reader, done, project.runtime.wallTime(), project.signal)
  return intent.kind === 'up' ? found : { ...found, disturbed: [] }
}

/** Others changed something, and nothing else went wrong; or the engine went away, and whatever went wrong may be due to that. */
function isWorthAnotherLook({ problems }: Outcome): boolean {
  const away = problems.some((problem) => problem.code === 'engine-unreachable')
  return away || (problems.length > 0 && problems.every((problem) => problem.code === 'moved'))
}

/** An engine that went away while a command was at work may come back: so long is waited for it. */
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
