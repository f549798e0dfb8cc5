import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import type { Clock } from '../execute/step-context.ts'
import { PAUSE, retryWhileAway } from './retry.ts'

/** The containers of a project, observed until the signal aborts. */
export interface Observed {
  project: string
  clock: Clock
  signal: AbortSignal
}

export interface ObserverCallbacks {
  onChange(change: Change): void
  /** Called when events are lost, until the next list. */
  onLost?(): void
  /** Called with the containers after a time without events. */
  onList(replicas: Replica[]): void | Promise<void>
}

/** A project's containers: events as they occur, and lists. Waits for an engine that is away. */
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

  /** All containers, running or not. */
  list(): Promise<Replica[]> {
    const { project, clock, signal } = this.observed
    return retryWhileAway(() => this.reader.list(project, { all: true }, signal), clock, signal)
  }

  /** Listens until the signal aborts: the end of a connection has no meaning for the containers. */
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
