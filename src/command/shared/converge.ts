import type { Declared, PendingObservation } from '../../backend/backend.ts'
import type { Intent, UpIntent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import { isAway } from '../../diagnostics/backend-error.ts'
import { StackError, unwrap } from '../../diagnostics/checked.ts'
import { isError } from '../../diagnostics/diagnostic.ts'
import type { Emit } from '../../execute/event.ts'
import { execute, type Outcome } from '../../execute/execute.ts'
import type { Clash } from '../../load/findings.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Plan } from '../../plan/plan.ts'
import { type Aftermath, aftermathOf, CALM, type CarriedOut } from '../../project/interference.ts'
import { type Address, shortName } from '../../stack/address.ts'

/** What an intent takes, from the world as it is now. Warnings are shown; throws StackError if there can be no plan. */
export async function planFor(
  context: Context,
  declared: Declared,
  intent: Intent,
  signal: AbortSignal = context.signal,
  pending?: PendingObservation<unknown>,
): Promise<Plan<unknown>> {
  return (await survey(context, declared, intent, signal, pending)).plan
}

/** As `planFor`, with what of the world the plan was made from. */
export async function survey(
  context: Context,
  declared: Declared,
  intent: Intent,
  signal: AbortSignal = context.signal,
  pending?: PendingObservation<unknown>,
): Promise<{ plan: Plan<unknown>; facts: unknown }> {
  const backend = await context.backend()
  const observed = await (pending ?? backend.startObserve(signal))(declared.stack, intent)
  const result = backend.plan({ declared, observed, intent })
  const plan = unwrap(result)
  if (result.ok) await context.warn(result.warnings)
  return { plan, facts: backend.facts(declared.stack, observed) }
}

/** How often a command looks again when others change what it works on. */
const ROUNDS = 3

interface Converged {
  plan: Plan<unknown>
  outcome: Outcome
  /** What does not run any more, once all was done. */
  fallen: Aftermath['fallen']
}

/**
 * Observes (`looking` has begun with that), plans and carries out; once more if something was changed by others meanwhile.
 * @param signal aborts when what is under way is to be given up
 */
export async function converge(
  context: Context,
  declared: Declared,
  intent: Intent,
  filter?: (emit: Emit) => Emit,
  pending?: PendingObservation<unknown>,
  signal: AbortSignal = context.signal,
): Promise<Converged> {
  for (let round = 1; ; round++) {
    const plan = await (round === 1
      ? planFor(context, declared, intent, context.signal, pending)
      : planAgain(context, declared, intent))
    const began = context.host.wallTime()
    const isLast = () => signal.aborted || round === ROUNDS
    const again = (outcome: Outcome) => !isLast() && isWorthAnotherLook(outcome)
    const outcome = await carryOut(context, plan, signal, filter, again)
    const { disturbed, fallen } = outcome.ok ? await lookBack(context, { plan, began }, intent) : CALM
    if (isLast()) return { plan, outcome, fallen }
    if (disturbed.length > 0) await tellOf(context, disturbed)
    else if (outcome.ok || !isWorthAnotherLook(outcome)) return { plan, outcome, fallen }
  }
}

/** What was brought up is looked at once more: a start alone does not tell whether it came to anything. */
async function lookBack(context: Context, done: CarriedOut, intent: Intent): Promise<Aftermath> {
  const isBringing = intent.kind === 'start' || intent.kind === 'restart' || (intent.kind === 'up' && !intent.noStart)
  if (!isBringing || done.plan.steps.length === 0 || context.signal.aborted) return CALM
  const { reader } = await context.backend()
  const found = await aftermathOf(reader, done, context.host.wallTime(), context.signal)
  return intent.kind === 'up' ? found : { ...found, disturbed: [] }
}

/** Somebody else has undone what an `up` did while it was at work: it says so, and does that again. */
async function tellOf(context: Context, disturbed: Address[]): Promise<void> {
  const names = disturbed.map(shortName).join(', ')
  ;(await context.view()).say(`${names}: removed or stopped by someone else meanwhile; looking again`)
}

/** Others changed something, and nothing else went wrong; or the engine went away, and whatever went wrong may be due to that. */
function isWorthAnotherLook({ problems }: Outcome): boolean {
  const away = problems.some((problem) => problem.code === 'engine-unreachable')
  return away || (problems.length > 0 && problems.every((problem) => problem.code === 'moved'))
}

/** An engine that went away while a command was at work may come back: so long is waited for it. */
const PATIENCE_MS = 30_000

async function planAgain(context: Context, declared: Declared, intent: Intent): Promise<Plan<unknown>> {
  const { clock } = context.terminal
  const until = clock.now() + PATIENCE_MS
  for (;;) {
    try {
      return await planFor(context, declared, intent)
    } catch (thrown) {
      if (!isAway(thrown) || clock.now() > until) throw thrown
      await clock.sleep(500, context.signal)
    }
  }
}

/** Carries a plan out under the context's view. */
export async function carryOut(
  context: Context,
  plan: Plan<unknown>,
  signal: AbortSignal = context.signal,
  filter: (emit: Emit) => Emit = (emit) => emit,
  again: (outcome: Outcome) => boolean = () => false,
): Promise<Outcome> {
  const [backend, view] = await Promise.all([context.backend(), context.view()])
  const outcome = await execute(plan, backend.perform, {
    signal,
    clock: context.terminal.clock,
    emit: filter(view.emit),
    again,
  })
  await view.flush()
  return outcome
}

/** The stack, fit to be brought up: what clashes with the world is an error for the services that are selected. */
export async function checkedStack(context: Context, intent: UpIntent): Promise<Loaded> {
  const loaded = await context.loaded(intent.services, { noDeps: intent.noDeps })
  const selected = selectedServices(loaded, intent)
  const clashes = loaded.clashes.filter(({ service, other }) => selected.has(service) && selected.has(other ?? service))
  await refuseClashes(context, clashes)
  const backend = await context.backend()
  await context.warn(backend.check(loaded))
  return loaded
}

/** What clashes with the world is an error for what is brought up, unless it is a mere warning. */
export async function refuseClashes(context: Context, clashes: readonly Clash[]): Promise<void> {
  const problems = clashes.map(({ problem }) => problem)
  if (problems.some(isError)) throw new StackError(problems)
  await context.warn(problems)
}

/** The services that an up is about: those named with what they need, else all active ones. */
export function selectedServices(
  loaded: Pick<Loaded, 'graph'>,
  intent: Pick<UpIntent, 'services' | 'noDeps'>,
): Set<string> {
  if (intent.services.length === 0) return new Set(loaded.graph.keys)
  return intent.noDeps ? new Set(intent.services) : loaded.graph.closure(intent.services)
}
