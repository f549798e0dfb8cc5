import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { isAlive } from '../backend/state.ts'
import type { Clock } from '../execute/step-context.ts'
import { ContainerObserver } from './container-observer.ts'

export interface ExitWaitOptions {
  project: string
  /** Called once to select the containers to wait for. */
  choose(replicas: Replica[]): Replica[]
  onEnd(replica: Replica, code: number): void
  clock: Clock
}

/** The assumed exit code of a container that was removed before it could be inspected. */
const REMOVED = 137

/**
 * Waits until each of the chosen containers has ended, whether it is restarted or not. Waits for an engine that is away.
 * @returns the exit code of the last one to end
 */
export async function untilEnded(reader: Reader, options: ExitWaitOptions, signal: AbortSignal): Promise<number> {
  const over = new AbortController()
  const { project, clock } = options
  const observed = { project, clock, signal: AbortSignal.any([signal, over.signal]) }
  try {
    return await new ExitWait(new ContainerObserver(reader, observed), options).last()
  } finally {
    over.abort()
  }
}

class ExitWait {
  readonly #open = new Map<string, Replica>()
  #last = 0
  #finish: () => void = () => undefined

  constructor(
    private readonly observer: ContainerObserver,
    private readonly options: ExitWaitOptions,
  ) {}

  async last(): Promise<number> {
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve
    })
    const changes = await this.observer.changes()
    const listed = await this.observer.list()
    for (const replica of this.options.choose(listed)) this.#open.set(replica.id, replica)
    if (this.#open.size === 0) return 0
    this.#look(listed)
    const listening = this.observer.listen(changes, {
      onChange: (change) => this.#hear(change),
      onList: (replicas) => this.#look(replicas),
    })
    await Promise.race([finished, listening])
    return this.#last
  }

  /** Processes successful ones first, so that a failure among several ended ones counts as the last. */
  #look(listed: Replica[]): void {
    const found = [...this.#open.keys()].map((id) => [id, listed.find((each) => each.id === id)] as const)
    const ended = found.filter(([, replica]) => !isAlive(replica))
    const codes = ended.map(([id, replica]) => [id, replica ? (replica.exitCode ?? 0) : REMOVED] as const)
    for (const [id, code] of codes.sort(([, a], [, b]) => a - b)) this.#end(id, code)
  }

  #hear({ id, action, exitCode }: Change): void {
    if (action === 'die' || action === 'destroy') this.#end(id, exitCode ?? REMOVED)
  }

  #end(id: string, code: number): void {
    const replica = this.#open.get(id)
    if (!replica) return
    this.#open.delete(id)
    this.#last = code
    this.options.onEnd(replica, code)
    if (this.#open.size === 0) this.#finish()
  }
}
