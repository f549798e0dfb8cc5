import type { Checked } from '../diagnostics/checked.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Clock, Perform } from '../execute/step-context.ts'
import type { Graph } from '../graph/graph.ts'
import type { Plan } from '../plan/plan.ts'
import type { Stack } from '../stack/model.ts'
import type { Sensitive } from '../stack/sensitive.ts'
import type { Intent } from './intent.ts'
import type { Reader } from './reader.ts'

/** What a backend is given of a loaded stack. load's Loaded fits. */
export interface Declared {
  stack: Stack
  graph: Graph<string>
  sensitive: Sensitive
  /** Where a dotted model path was written, e.g. `services.web.image`; the nearest parent if that very path was not. */
  spanOf(path: string): Span | undefined
}

/** How to wait for what is still under way. */
export interface Settling {
  signal: AbortSignal
  clock: Clock
  /** Told the name of each container that is waited for. */
  onWait(container: string): void
}

/** A look at the world that is under way: the snapshot, once it is known of what. */
export type PendingObservation<O> = (stack: Stack, intent?: Intent) => Promise<O>

/**
 * Something that can hold a stack: one Docker engine, a Swarm. `O` is its snapshot of the world, `A` its actions.
 * Deciding (`check`, `plan`) is pure; `observe` only reads; `perform` carries out one action.
 */
export interface Backend<O, A> {
  /** What this backend ignores or refuses, with spans. */
  check(declared: Declared): Diagnostic[]
  /** Waits until the engine has done what commands that were killed had asked for. */
  settle(settling: Settling): Promise<void>
  /** One round of list calls, plus an inspect for what differs. */
  observe(stack: Stack, signal: AbortSignal, intent?: Intent): Promise<O>
  /** As `observe`, begun before the stack is known: the list calls are sent at once. */
  startObserve(signal: AbortSignal): PendingObservation<O>
  /** Deterministic: the same input gives the same plan, whatever the order of keys. */
  plan(input: { declared: Declared; observed: O; intent: Intent }): Checked<Plan<A>>
  /** What of a snapshot a saved plan holds on to, as JSON data: what is there, not how it fares at the moment. Pure. */
  facts(stack: Stack, observed: O): unknown
  perform: Perform<A>
  /** For commands that only look or stream. */
  reader: Reader
}
