import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import type { Clock } from '../execute/step-context.ts'
import { PAUSE, retryWhileAway } from './retry.ts'

/** What is observed: the containers of a project, for as long as the signal does not abort. */
export interface Observed {
  project: string
  clock: Clock
  signal: AbortSignal
}

export interface ObserverCallbacks {
  onChange(change: Change): void
  /** Events are not received any more, until the next list. */
  onLost?(): void
  /** What is there after a time without events. */
  onList(replicas: Replica[]): void | Promise<void>
}

/** The containers of a project: events as they come, and lists. Waits for an engine that is away. */
export class ContainerObserver {
  constructor(
    private readonly reader: Pick<Reader, 'changes' | 'list'>,
    private readonly observed: Observed,
  ) {}

  /** Events from now on. */
  changes(): Promise<AsyncIterable<Change>> {
    const { project, clock, signal } = this.observed
    return retryWhileAway(() => this.reader.changes(project, signal), clock, signal)
  }

  /** All containers, whether they run or not. */
  list(): Promise<Replica[]> {
    const { project, clock, signal } = this.observed
    return retryWhileAway(() => this.reader.list(project, { all: true }, signal), clock, signal)
  }

  /** Listens until the signal aborts: the end of a connection says nothing about the containers. */
  async listen(first: AsyncIterable<Change>, callbacks: ObserverCallbacks): Promise<never> {
    const { clock, signal } = this.observed
    for (let changes = first; ; ) {
      await this.#take(changes, callbacks)
      callbacks.onLost?.()
      await clock.sleep(PAUSE, signal)
      changes = await this.changes()
      await callbacks.onList(await this.list())
    }
  }

  async #take(changes: AsyncIterable<Change>, { onChange }: ObserverCallbacks): Promise<void> {
    try {
      for await (const change of changes) onChange(change)
    } catch (thrown) {
      if (this.observed.signal.aborted || !isAway(thrown)) throw thrown
    }
  }
}
