import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { type ContainerState, hasExited, isAlive, isRestarting, isRunning } from '../backend/state.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import { Followed } from './container-list.ts'
import { containerLog } from './container-log.ts'
import { Life } from './container-run.ts'
import type { Exit, FollowOptions, Named, Upcoming } from './follow.ts'
import { Position } from './position.ts'
import { TimeOrder } from './reorder.ts'
import { PAUSE } from './retry.ts'

/** How long an end may take to show in the engine's list once the log has ended, in milliseconds and looks. */
const LOOK_AGAIN = 200
const LOOKS = 25

/** Follows the containers of a project from start to end, and from end to start. */
export class Follower {
  readonly #lives = new Map<string, Life>()
  readonly #positions = new Map<string, Position>()
  readonly #order: TimeOrder<() => void>
  readonly #followed: Followed
  /** Nothing is heard of what happens: to be made up for. */
  #deaf = false
  /** What is still being brought up. */
  #upcoming: Upcoming | undefined
  #finish: (failure?: unknown) => void = () => {}

  constructor(
    private readonly reader: Reader,
    private readonly options: FollowOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#followed = new Followed(reader, options, signal)
    this.#upcoming = options.upcoming
    this.#order = new TimeOrder(options.clock, (tell) => tell(), signal)
  }

  /** Resolves when no container is left that runs; rejects when the signal aborts. */
  async run(): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = (failure) => (failure === undefined ? resolve() : reject(failure))
    })
    finished.catch(() => undefined)
    const changes = await this.#followed.first()
    if (this.#upcoming) this.#attend(this.#whileUpcoming(this.#upcoming))
    else await this.#meetAll()
    await Promise.race([finished, this.#listen(changes)])
  }

  /** Until all is up: what runs and goes on. What is started meanwhile is heard of. */
  async #whileUpcoming({ over, includes }: Upcoming): Promise<void> {
    for (const replica of await this.#followed.all())
      if (isAlive(replica) && includes(replica)) this.#begin(replica, false)
    await over
    this.#upcoming = undefined
    await this.#meetAll()
  }

  async #meetAll(): Promise<void> {
    for (const replica of await this.#followed.all())
      if (!this.#lives.has(replica.id)) this.#meet(replica, this.options.isNews?.(replica) === true)
    await this.#finishIfOver()
  }

  /** The last lines of what has ended by now are out, and its end is told. */
  async drained(): Promise<void> {
    if (this.signal.aborted) return
    const alive = new Set((await this.#followed.all()).filter(isAlive).map(({ id }) => id))
    const dead = [...this.#lives].flatMap(([id, life]) => (alive.has(id) ? [] : [life]))
    const { clock } = this.options
    await Promise.all(dead.map((life) => life.drained(clock, this.signal)))
    const over = Promise.all(dead.map((life) => life.over))
    await Promise.race([over, clock.sleep(LOOK_AGAIN * 5, this.signal).catch(() => undefined)])
    this.flush()
  }

  /** Nothing is held back any more. */
  flush(): void {
    this.#order.flush()
  }

  /** Until all is over: a connection that ends says nothing about the containers. */
  async #listen(first: AsyncIterable<Change>): Promise<never> {
    for (let changes = first; ; ) {
      await this.#take(changes)
      this.#deaf = true
      await this.options.clock.sleep(PAUSE, this.signal)
      changes = await this.#followed.changes()
      for (const replica of await this.#followed.all()) if (this.#isInView(replica)) this.#catchUp(replica)
      this.#deaf = false
      await this.#finishIfOver()
    }
  }

  #isInView(replica: Named): boolean {
    return this.#lives.has(replica.id) || this.#upcoming?.includes(replica) !== false
  }

  /** What happened to a container while nobody was listening. */
  #catchUp(replica: Replica): void {
    const life = this.#lives.get(replica.id)
    if (!life || isAlive(replica)) this.#meet(replica, true)
    else if (!life.died && !life.ended) this.#attend(this.#died(life, replica.exitCode))
    else this.#begin(replica, life.isLast)
  }

  /** What was never started has nothing to tell. */
  #meet(replica: Replica, isNews: boolean): void {
    if (isAlive(replica)) this.#begin(replica, false)
    else if (hasExited(replica)) this.#begin(replica, !isNews)
  }

  async #take(changes: AsyncIterable<Change>): Promise<void> {
    try {
      for await (const change of changes) if (this.#followed.includes(change)) this.#react(change)
    } catch (thrown) {
      if (this.signal.aborted || !isAway(thrown)) throw thrown
    }
  }

  /** Nothing here is waited for, so that no container's slow end delays what is told of others. */
  #react(change: Change): void {
    const life = this.#lives.get(change.id)
    life?.note(change)
    if (change.action === 'start' && this.#isInView(change)) this.#begin(change, false)
    if (change.action === 'die' && life) this.#attend(this.#died(life, change.exitCode))
    if (change.action === 'stop' || change.action === 'destroy') this.#giveUp(life)
    if (change.action === 'destroy' || change.action === 'stop') this.#attend(this.#finishIfOver())
  }

  /** What is stopped while the engine waits to start it again does not end once more. */
  #giveUp(life: Life | undefined): void {
    if (!life?.giveUp()) return
    const at = this.#positions.get(life.replica.id)?.since ?? ''
    this.#order.putAfter(at, () => this.options.onGivenUp?.(life.replica))
  }

  #attend(work: Promise<void>): void {
    work.catch((thrown) => this.#finish(thrown))
  }

  /** Begins to print a container's log, unless that is under way: once what it wrote before its last end is out. */
  #begin({ id, service, number, state }: Named & { state?: ContainerState }, told: boolean): void {
    const before = this.#lives.get(id)
    if (before && !before.ended && !before.died) return
    const life = new Life({ id, service, number }, told)
    this.#lives.set(id, life)
    if (this.#followed.shows(service)) {
      // A log that cannot be read, for its driver keeps none, is no reason to stop.
      life.logged = (before?.logged ?? Promise.resolve()).then(() => this.#print(life)).catch(() => {})
      this.#attend(life.logged.then(() => this.#ended(life)))
    } else this.#attend(state && hasExited({ state }) ? this.#ended(life) : life.over.then(() => this.#ended(life)))
  }

  async #died(life: Life, code: number | undefined): Promise<void> {
    life.died = true
    await life.drained(this.options.clock, this.signal)
    const restarting = await this.#startsAgain(life)
    this.#tell(life, { code, restarting: restarting && !life.asked })
    if (life.silent) await this.#ended(life)
  }

  /** The engine tells of an end before its list shows it, and may have told before anyone listened: look until it shows. */
  async #ended(life: Life): Promise<void> {
    life.ended = true
    for (let looks = 0; looks < LOOKS && this.#lives.get(life.replica.id) === life; looks++) {
      const now = await this.#followed.find(life.replica.id)
      if (!isRunning(now)) {
        this.#tell(life, { code: now?.exitCode, restarting: isRestarting(now) && !life.asked })
        return this.#finishIfOver()
      }
      await this.options.clock.sleep(LOOK_AGAIN, this.signal)
    }
    if (this.#lives.get(life.replica.id) !== life) return
    // A log that ended too early, as after a rotation, goes on.
    if (this.#positions.get(life.replica.id)?.since === undefined) life.silent = true
    else this.#begin(life.replica, false)
  }

  /** Whether a container that has died is started again; one that runs was. */
  async #startsAgain(life: Life): Promise<boolean> {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (life.told) return false
      if (this.#lives.get(life.replica.id) !== life) return true
      const now = await this.#followed.find(life.replica.id)
      if (!isRunning(now)) return isRestarting(now)
      await this.options.clock.sleep(LOOK_AGAIN, this.signal)
    }
    return false
  }

  #tell(life: Life, exit: Exit): void {
    const at = this.#positions.get(life.replica.id)?.since ?? ''
    life.tell(exit, (replica, told) => this.#order.putAfter(at, () => this.options.onExit(replica, told)))
  }

  /** Ends the whole once no container runs or is about to, and the last lines are out. */
  async #finishIfOver(): Promise<void> {
    const { clock } = this.options
    if (this.#upcoming || (await this.#followed.goOn())) return
    const awaited = () => [...this.#lives.values()].filter(({ replica }) => this.#followed.awaits(replica.service))
    const lives = awaited()
    await Promise.all(lives.map((life) => life.drained(clock, this.signal)))
    const stopped = lives.filter(({ asked }) => asked).map(({ replica }) => replica)
    if (await this.#followed.goOnAfter(stopped)) return
    if (!this.#deaf && awaited().every((life) => life.told)) this.#finish()
  }

  async #print(life: Life): Promise<void> {
    const { id } = life.replica
    const { position = new Position(), since } = this.options.from(life.replica)
    const reached = this.#positions.get(id) ?? position
    this.#positions.set(id, reached)
    const answered = this.#order.expect()
    try {
      for await (const line of containerLog(this.reader, id, { position: reached, since }, this.signal)) {
        answered()
        life.lines++
        const tell = () => this.options.onLine(life.replica, line)
        if (line.time === undefined) this.#order.putAfter(reached.since ?? '', tell)
        else this.#order.put(line.time, tell)
      }
    } finally {
      answered()
    }
  }
}
