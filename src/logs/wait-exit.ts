import type { Replica } from '../backend/read/containers.ts'
import type { Reader } from '../backend/reader.ts'
import { isAlive } from '../backend/state.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import type { Clock } from '../execute/step-context.ts'
import { PAUSE, retryWhileAway } from './retry.ts'

export interface ExitWaitOptions {
  project: string
  /** Called once: the containers to wait for. */
  choose(replicas: Replica[]): Replica[]
  onEnd(replica: Replica, code: number): void
  clock: Clock
}

/** The assumed exit code of a container that was removed before it could be inspected. */
const REMOVED = 137

/**
 * Waits until each of the chosen containers has ended, whether it is restarted or not. Waits for an engine that is away.
 * @returns the exit code of the last to end
 */
export async function untilEnded(reader: Reader, options: ExitWaitOptions, signal: AbortSignal): Promise<number> {
  const over = new AbortController()
  try {
    return await new ExitWait(reader, options, AbortSignal.any([signal, over.signal])).last()
  } finally {
    over.abort()
  }
}

class ExitWait {
  readonly #open = new Map<string, Replica>()
  #chosen = false
  #last = 0

  constructor(
    private readonly reader: Reader,
    private readonly options: ExitWaitOptions,
    private readonly signal: AbortSignal,
  ) {}

  async last(): Promise<number> {
    const { project, clock } = this.options
    for (;;) {
      const changes = await retryWhileAway(() => this.reader.changes(project, this.signal), clock, this.signal)
      const listed = await retryWhileAway(
        () => this.reader.list(project, { all: true }, this.signal),
        clock,
        this.signal,
      )
      if (!this.#chosen) for (const replica of this.options.choose(listed)) this.#open.set(replica.id, replica)
      this.#chosen = true
      this.#look(listed)
      if (this.#open.size === 0 || (await this.#hear(changes))) return this.#last
      await clock.sleep(PAUSE, this.signal)
    }
  }

  /** Successful ones first, so that of several that had already ended a failure is the last. */
  #look(listed: Replica[]): void {
    const found = [...this.#open.keys()].map((id) => [id, listed.find((each) => each.id === id)] as const)
    const ended = found.filter(([, replica]) => !isAlive(replica))
    const codes = ended.map(([id, replica]) => [id, replica ? (replica.exitCode ?? 0) : REMOVED] as const)
    for (const [id, code] of codes.sort(([, a], [, b]) => a - b)) this.#end(id, code)
  }

  /** Whether the last one has ended, rather than the stream of events. */
  async #hear(changes: Awaited<ReturnType<Reader['changes']>>): Promise<boolean> {
    try {
      for await (const { id, action, exitCode } of changes) {
        if (action === 'die' || action === 'destroy') this.#end(id, exitCode ?? REMOVED)
        if (this.#open.size === 0) return true
      }
    } catch (thrown) {
      if (this.signal.aborted || !isAway(thrown)) throw thrown
    }
    return false
  }

  #end(id: string, code: number): void {
    const replica = this.#open.get(id)
    if (!replica) return
    this.#open.delete(id)
    this.#last = code
    this.options.onEnd(replica, code)
  }
}
