import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { isAlive, isUnstarted } from '../backend/state.ts'
import { shared } from '../util/async.ts'
import type { FollowOptions, ReplicaRef } from './follow-options.ts'
import { retryWhileAway } from './retry.ts'

/** How long the engine may take from the stop to the start of a restart, in milliseconds. */
const LINGER = 2000

/** The state of the followed containers. Waits for an engine that is away. */
export class ContainerList {
  /** As they are at the moment. */
  readonly all = shared(() => this.#ask())

  constructor(
    private readonly reader: Reader,
    private readonly options: FollowOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** Events since the subscription that was handed in, else from now on; of the project's other containers too. */
  first(): Promise<AsyncIterable<Change>> {
    const { changes } = this.options
    return changes ? changes.catch(() => this.changes()) : this.changes()
  }

  /** Events from now on. */
  changes(): Promise<AsyncIterable<Change>> {
    const subscribe = () => this.reader.changes(this.options.project, this.signal)
    return retryWhileAway(subscribe, this.options.clock, this.signal)
  }

  async #ask(): Promise<Replica[]> {
    const list = () => this.reader.list(this.options.project, { all: true }, this.signal)
    const listed = await retryWhileAway(list, this.options.clock, this.signal)
    return listed.filter((replica) => this.includes(replica))
  }

  async find(id: string): Promise<Replica | undefined> {
    return (await this.all()).find((each) => each.id === id)
  }

  /** Whether an awaited container runs, or is about to. */
  async goOn(): Promise<boolean> {
    const awaited = (await this.all()).filter(({ service }) => this.awaits(service))
    return awaited.some((replica) => isAlive(replica) || isToCome(replica))
  }

  /**
   * As `goOn`, once everything in progress is complete: flotilla commands, and the engine's work on these containers. A restart by someone
   * else is a stop and a start by the engine, with next to nothing between.
   */
  async goOnAfter(stopped: readonly ReplicaRef[]): Promise<boolean> {
    const { clock, atRest } = this.options
    if (stopped.length > 0) await clock.sleep(LINGER, this.signal)
    await atRest?.(this.signal)
    const settled = ({ id }: ReplicaRef) => this.reader.settled(id, this.signal)
    for (const each of stopped) await retryWhileAway(() => settled(each), clock, this.signal)
    return this.goOn()
  }

  includes({ service, oneoff }: Pick<Replica, 'service' | 'oneoff'>): boolean {
    return !oneoff && (this.options.services?.has(service) ?? true)
  }

  awaits(service: string): boolean {
    return this.options.awaits?.(service) !== false
  }

  shows(service: string): boolean {
    return this.options.shows?.(service) !== false
  }
}

/** It was created to replace another container, and the replacement is in progress. */
function isToCome(replica: Replica): boolean {
  return isUnstarted(replica) && replica.replacing
}
