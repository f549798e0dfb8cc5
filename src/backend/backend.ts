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

/** The parts of a loaded stack that a backend uses. */
export interface Declared {
  stack: Stack
  graph: Graph<string>
  sensitive: Sensitive
  /** The span of a dotted model path, e.g. `services.web.image`, or of its nearest parent if the path itself is not in a file. */
  spanOf(path: string): Span | undefined
}

/** Options for waiting until earlier requests are complete. */
export interface Settling {
  signal: AbortSignal
  clock: Clock
  /** Called with the name of each container, network or volume that is awaited, and with the engine's current operation on it. */
  onWait(name: string, work: 'stop' | 'creation' | 'removal'): void
}

/** An observation under way: resolves to the snapshot once it is called with the stack. */
export type PendingObservation<O> = (stack: Stack, intent?: Intent) => Promise<O>

/**
 * A platform that runs stacks: one Docker engine, a Swarm. `O` is its snapshot of the observed state, `A` its actions.
 * `check` and `plan` are pure; `observe` only reads; `perform` executes one action.
 */
export interface Backend<O, A> {
  /** Attributes that this backend ignores or refuses, with spans. */
  check(declared: Declared): Diagnostic[]
  /** Waits until the engine has completed the requests of killed commands. */
  settle(settling: Settling): Promise<void>
  /** One round of list calls, plus an inspect for what differs. */
  observe(stack: Stack, signal: AbortSignal, intent?: Intent): Promise<O>
  /** Like `observe`, but sends the list calls before the stack is known. */
  startObserve(signal: AbortSignal): PendingObservation<O>
  /** Deterministic: the order of keys does not matter. */
  plan(input: { declared: Declared; observed: O; intent: Intent }): Checked<Plan<A>>
  /** The part of a snapshot that a saved plan depends on, as JSON data: resources, not their momentary state. Pure. */
  facts(stack: Stack, observed: O): unknown
  perform: Perform<A>
  /** Whether an action could be carried out, as far as that can be known without changing anything; fails as `perform` would. */
  rehearse: Perform<A>
  /** The read and stream operations, for commands that plan nothing. */
  reader: Reader
}
