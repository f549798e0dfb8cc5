import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { type ContainerState, hasExited, isAlive, isRestarting, isRunning } from '../backend/state.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import { ContainerList } from './container-list.ts'
import { containerLog } from './container-log.ts'
import { ContainerRun } from './container-run.ts'
import { LogCursor } from './cursor.ts'
import type { Exit, FollowOptions, ReplicaRef, Upcoming } from './follow-options.ts'
import { ReorderBuffer } from './reorder.ts'
import { PAUSE } from './retry.ts'

/** How long an end may take to show in the engine's list once the log has ended, in milliseconds and looks. */
const LOOK_AGAIN = 200
const LOOKS = 25

/** Follows the containers of a project from start to end, and from end to start. */
export class Follower {
  readonly #runs = new Map<string, ContainerRun>()
  readonly #cursors = new Map<string, LogCursor>()
  readonly #buffer: ReorderBuffer<() => void>
  readonly #list: ContainerList
  /** Events are not received; missed ones are found by listing. */
  #deaf = false
  /** Containers that are still being brought up. */
  #upcoming: Upcoming | undefined
  #finish: (failure?: unknown) => void = () => {}

  constructor(
    private readonly reader: Reader,
    private readonly options: FollowOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#list = new ContainerList(reader, options, signal)
    this.#upcoming = options.upcoming
    this.#buffer = new ReorderBuffer(options.clock, (print) => print(), signal)
  }

  /** Resolves when no container is left that runs; rejects when the signal aborts. */
  async run(): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = (failure) => (failure === undefined ? resolve() : reject(failure))
    })
    finished.catch(() => undefined)
    const changes = await this.#list.first()
    if (this.#upcoming) this.#attend(this.#whileUpcoming(this.#upcoming))
    else await this.#meetAll()
    await Promise.race([finished, this.#listen(changes)])
  }

  /** Until everything is up: containers that run and stay. Later starts are events. */
  async #whileUpcoming({ over, includes }: Upcoming): Promise<void> {
    for (const replica of await this.#list.all()) if (isAlive(replica) && includes(replica)) this.#begin(replica, false)
    await over
    this.#upcoming = undefined
    await this.#meetAll()
  }

  async #meetAll(): Promise<void> {
    for (const replica of await this.#list.all())
      if (!this.#runs.has(replica.id)) this.#meet(replica, this.options.isNews?.(replica) === true)
    await this.#finishIfOver()
  }

  /** Resolves once the last lines of ended containers are printed and their ends reported. */
  async drained(): Promise<void> {
    if (this.signal.aborted) return
    const alive = new Set((await this.#list.all()).filter(isAlive).map(({ id }) => id))
    const dead = [...this.#runs].flatMap(([id, run]) => (alive.has(id) ? [] : [run]))
    const { clock } = this.options
    await Promise.all(dead.map((run) => run.drained(clock, this.signal)))
    const over = Promise.all(dead.map((run) => run.over))
    await Promise.race([over, clock.sleep(LOOK_AGAIN * 5, this.signal).catch(() => undefined)])
    this.flush()
  }

  /** Prints everything that is held back. */
  flush(): void {
    this.#buffer.flush()
  }

  /** Listens until all is over: the end of a connection says nothing about the containers. */
  async #listen(first: AsyncIterable<Change>): Promise<never> {
    for (let changes = first; ; ) {
      await this.#take(changes)
      this.#deaf = true
      await this.options.clock.sleep(PAUSE, this.signal)
      changes = await this.#list.changes()
      for (const replica of await this.#list.all()) if (this.#isInView(replica)) this.#catchUp(replica)
      this.#deaf = false
      await this.#finishIfOver()
    }
  }

  #isInView(replica: ReplicaRef): boolean {
    return this.#runs.has(replica.id) || this.#upcoming?.includes(replica) !== false
  }

  /** Handles what happened to a container while no events were received. */
  #catchUp(replica: Replica): void {
    const run = this.#runs.get(replica.id)
    if (!run || isAlive(replica)) this.#meet(replica, true)
    else if (!run.died && !run.ended) this.#attend(this.#died(run, replica.exitCode))
    else this.#begin(replica, run.isLast)
  }

  /** A container that was never started has no log and no end. */
  #meet(replica: Replica, isNews: boolean): void {
    if (isAlive(replica)) this.#begin(replica, false)
    else if (hasExited(replica)) this.#begin(replica, !isNews)
  }

  async #take(changes: AsyncIterable<Change>): Promise<void> {
    try {
      for await (const change of changes) if (this.#list.includes(change)) this.#react(change)
    } catch (thrown) {
      if (this.signal.aborted || !isAway(thrown)) throw thrown
    }
  }

  /** Awaits nothing, so that one container's slow end does not delay reports about others. */
  #react(change: Change): void {
    const run = this.#runs.get(change.id)
    run?.note(change)
    if (change.action === 'start' && this.#isInView(change)) this.#begin(change, false)
    if (change.action === 'die' && run) this.#attend(this.#died(run, change.exitCode))
    if (change.action === 'stop' || change.action === 'destroy') this.#giveUp(run)
    if (change.action === 'destroy' || change.action === 'stop') this.#attend(this.#finishIfOver())
  }

  /** A container that is stopped while the engine waits to restart it has no second end. */
  #giveUp(run: ContainerRun | undefined): void {
    if (!run?.giveUp()) return
    const at = this.#cursors.get(run.replica.id)?.since ?? ''
    this.#buffer.putAfter(at, () => this.options.onGivenUp?.(run.replica))
  }

  #attend(work: Promise<void>): void {
    work.catch((thrown) => this.#finish(thrown))
  }

  /** Starts to print a container's log, unless that is in progress, after everything from before its last end is printed. */
  #begin({ id, service, number, state }: ReplicaRef & { state?: ContainerState }, isKnown: boolean): void {
    const before = this.#runs.get(id)
    if (before && !before.ended && !before.died) return
    const run = new ContainerRun({ id, service, number }, isKnown)
    this.#runs.set(id, run)
    if (this.#list.shows(service)) {
      // A log that cannot be read, for its driver keeps none, is no reason to stop.
      run.logged = (before?.logged ?? Promise.resolve()).then(() => this.#print(run)).catch(() => {})
      this.#attend(run.logged.then(() => this.#ended(run)))
    } else this.#attend(state && hasExited({ state }) ? this.#ended(run) : run.over.then(() => this.#ended(run)))
  }

  async #died(run: ContainerRun, code: number | undefined): Promise<void> {
    run.died = true
    await run.drained(this.options.clock, this.signal)
    const restarting = await this.#startsAgain(run)
    this.#report(run, { code, restarting: restarting && !run.asked })
    if (run.silent) await this.#ended(run)
  }

  /** The engine reports an end before its list shows it, perhaps before events were received: list until it shows. */
  async #ended(run: ContainerRun): Promise<void> {
    run.ended = true
    for (let looks = 0; looks < LOOKS && this.#runs.get(run.replica.id) === run; looks++) {
      const now = await this.#list.find(run.replica.id)
      if (!isRunning(now)) {
        this.#report(run, { code: now?.exitCode, restarting: isRestarting(now) && !run.asked })
        return this.#finishIfOver()
      }
      await this.options.clock.sleep(LOOK_AGAIN, this.signal)
    }
    if (this.#runs.get(run.replica.id) !== run) return
    // A log that ended too early, as after a rotation, goes on.
    if (this.#cursors.get(run.replica.id)?.since === undefined) run.silent = true
    else this.#begin(run.replica, false)
  }

  /** Whether a container that has died is started again; one that runs was. */
  async #startsAgain(run: ContainerRun): Promise<boolean> {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (run.reported) return false
      if (this.#runs.get(run.replica.id) !== run) return true
      const now = await this.#list.find(run.replica.id)
      if (!isRunning(now)) return isRestarting(now)
      await this.options.clock.sleep(LOOK_AGAIN, this.signal)
    }
    return false
  }

  #report(run: ContainerRun, exit: Exit): void {
    const at = this.#cursors.get(run.replica.id)?.since ?? ''
    run.report(exit, (replica, reported) => this.#buffer.putAfter(at, () => this.options.onExit(replica, reported)))
  }

  /** Finishes once no container runs or is about to start, and the last lines are printed. */
  async #finishIfOver(): Promise<void> {
    const { clock } = this.options
    if (this.#upcoming || (await this.#list.goOn())) return
    const awaited = () => [...this.#runs.values()].filter(({ replica }) => this.#list.awaits(replica.service))
    const runs = awaited()
    await Promise.all(runs.map((run) => run.drained(clock, this.signal)))
    const stopped = runs.filter(({ asked }) => asked).map(({ replica }) => replica)
    if (await this.#list.goOnAfter(stopped)) return
    if (!this.#deaf && awaited().every((run) => run.reported)) this.#finish()
  }

  async #print(run: ContainerRun): Promise<void> {
    const { id } = run.replica
    const { position = new LogCursor(), since } = this.options.from(run.replica)
    const reached = this.#cursors.get(id) ?? position
    this.#cursors.set(id, reached)
    const answered = this.#buffer.expect()
    try {
      for await (const line of containerLog(this.reader, id, { position: reached, since }, this.signal)) {
        answered()
        run.lines++
        const print = () => this.options.onLine(run.replica, line)
        if (line.time === undefined) this.#buffer.putAfter(reached.since ?? '', print)
        else this.#buffer.put(line.time, print)
      }
    } finally {
      answered()
    }
  }
}
