import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { isAlive, isRunning, isUnstarted } from '../backend/state.ts'
import { shared } from '../util/async.ts'
import { ContainerObserver, type ObserverCallbacks } from './container-observer.ts'
import type { FollowOptions, ReplicaRef } from './follow-options.ts'
import { retryWhileAway } from './retry.ts'

/** How long an end may take to appear in the engine's list: milliseconds per check, and number of checks. */
const LOOK_AGAIN = 200
const LOOKS = 25

/** Milliseconds that the engine may take between the stop and the start of a restart. */
const LINGER = 2000

/** The state and the events of the followed containers. Waits for an engine that is away. */
export class ContainerList {
  readonly #observer: ContainerObserver
  /** Their current state. */
  readonly all = shared(async () => this.#followed(await this.#observer.list()))

  constructor(
    private readonly reader: Reader,
    private readonly options: FollowOptions,
    private readonly signal: AbortSignal,
  ) {
    const { project, clock } = options
    this.#observer = new ContainerObserver(reader, { project, clock, signal })
  }

  /** Events since the given subscription, or else from now on; includes the project's other containers. */
  first(): Promise<AsyncIterable<Change>> {
    const { changes } = this.options
    return changes ? changes.catch(() => this.#observer.changes()) : this.#observer.changes()
  }

  /** Like the observer's, for the followed containers only. */
  listen(first: AsyncIterable<Change>, { onChange, onLost, onList }: ObserverCallbacks): Promise<never> {
    return this.#observer.listen(first, {
      onChange: (change) => (this.includes(change) ? onChange(change) : undefined),
      ...(onLost && { onLost }),
      onList: (replicas) => onList(this.#followed(replicas)),
    })
  }

  #followed(replicas: readonly Replica[]): Replica[] {
    return replicas.filter((replica) => this.includes(replica))
  }

  /**
   * A container after its end; `now` is undefined if it is gone. Repeats the list call, since the engine reports an end before its
   * list shows it.
   * @returns undefined if it still runs after several checks, or on `isOver`
   */
  async stateAfterEnd(id: string, isOver: () => boolean): Promise<{ now: Replica | undefined } | undefined> {
    for (let looks = 0; looks < LOOKS && !isOver(); looks++) {
      const now = (await this.all()).find((each) => each.id === id)
      if (!isRunning(now)) return { now }
      await this.options.clock.sleep(LOOK_AGAIN, this.signal)
    }
    return undefined
  }

  /** Whether an awaited container is running, or about to start. */
  async goOn(): Promise<boolean> {
    const awaited = (await this.all()).filter(({ service }) => this.awaits(service))
    return awaited.some((replica) => isAlive(replica) || isToCome(replica))
  }

  /**
   * Like `goOn`, once everything in progress is complete: flotilla commands, and the engine's work on these containers. A restart by
   * someone else consists of a stop and a start in quick succession.
   */
  async goOnAfter(stopped: readonly ReplicaRef[]): Promise<boolean> {
    const { clock, atRest } = this.options
    if (stopped.length > 0) await clock.sleep(LINGER, this.signal)
    await atRest?.(this.signal)
    const settled = ({ id }: ReplicaRef) => this.reader.settled(id, this.signal)
    for (const each of stopped) await retryWhileAway(() => settled(each), clock, this.signal)
    return this.goOn()
  }

  includes({ service, oneoff, number }: Pick<Replica, 'service' | 'oneoff' | 'number'>): boolean {
    const { services, number: only = number } = this.options
    return !oneoff && number === only && (services?.has(service) ?? true)
  }

  awaits(service: string): boolean {
    return this.options.awaits?.(service) !== false
  }

  shows(service: string): boolean {
    return this.options.shows?.(service) !== false
  }
}

/** Whether it is the new container of a replacement in progress. */
function isToCome(replica: Replica): boolean {
  return isUnstarted(replica) && replica.replacing
}
