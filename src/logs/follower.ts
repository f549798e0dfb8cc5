import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { type ContainerState, hasExited, isAlive, isRestarting } from '../backend/state.ts'
import { ContainerList } from './container-list.ts'
import { ContainerRun } from './container-run.ts'
import type { Exit, FollowOptions, ReplicaRef, Upcoming } from './follow-options.ts'
import { LogPrinter } from './log-printer.ts'

/** Milliseconds to wait for reports of the last ends. */
const LAST_ENDS = 1000

/** Follows a project's containers through their ends and restarts. */
export class Follower {
  readonly #runs = new Map<string, ContainerRun>()
  readonly #printer: LogPrinter
  readonly #list: ContainerList
  /** Whether no events are received; missed ones are found by listing. */
  #deaf = false
  /** Containers that are still being brought up. */
  #upcoming: Upcoming | undefined
  #finish: (failure?: unknown) => void = () => {}

  constructor(
    reader: Reader,
    private readonly options: FollowOptions,
    private readonly signal: AbortSignal,
  ) {
    this.#list = new ContainerList(reader, options, signal)
    this.#upcoming = options.upcoming
    this.#printer = new LogPrinter(reader, options, signal)
  }

  /** Resolves when no running container is left; rejects when the signal aborts. */
  async run(): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = (failure) => (failure === undefined ? resolve() : reject(failure))
    })
    finished.catch(() => undefined)
    const changes = await this.#list.first()
    if (this.#upcoming) this.#attend(this.#whileUpcoming(this.#upcoming))
    else await this.#meetAll()
    const listening = this.#list.listen(changes, {
      onChange: (change) => this.#react(change),
      onLost: () => {
        this.#deaf = true
      },
      onList: (replicas) => this.#catchUpAll(replicas),
    })
    await Promise.race([finished, listening])
  }

  /** Until everything is up, follows the containers that run and stay. Later starts arrive as events. */
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
    await Promise.race([over, clock.sleep(LAST_ENDS, this.signal).catch(() => undefined)])
    this.flush()
  }

  /** Prints everything that is held back. */
  flush(): void {
    this.#printer.flush()
  }

  #isInView(replica: ReplicaRef): boolean {
    return this.#runs.has(replica.id) || this.#upcoming?.includes(replica) !== false
  }

  async #catchUpAll(replicas: readonly Replica[]): Promise<void> {
    for (const replica of replicas) if (this.#isInView(replica)) this.#catchUp(replica)
    this.#deaf = false
    await this.#finishIfOver()
  }

  /** Handles what happened to a container while no events arrived. */
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

  /** Does not await anything, so that one container's slow end does not delay reports about others. */
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
    if (run?.giveUp()) this.#printer.after(run.replica.id, () => this.options.onGivenUp?.(run.replica))
  }

  #attend(work: Promise<void>): void {
    work.catch((thrown) => this.#finish(thrown))
  }

  /** Starts printing a container's log, unless that is in progress, after all output from before its last end. */
  #begin({ id, service, number, name, state }: ReplicaRef & { state?: ContainerState }, isKnown: boolean): void {
    const before = this.#runs.get(id)
    if (before && !before.ended && !before.died) return
    const run = new ContainerRun({ id, service, number, ...(name !== undefined && { name }) }, isKnown)
    this.#runs.set(id, run)
    if (this.#list.shows(service)) {
      // A log that cannot be read, because its driver stores none, does not end the following.
      run.logged = (before?.logged ?? Promise.resolve()).then(() => this.#printer.print(run)).catch(() => {})
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

  /** Handles the end of a log, which may precede the subscription to events. */
  async #ended(run: ContainerRun): Promise<void> {
    run.ended = true
    const found = await this.#list.stateAfterEnd(run.replica.id, () => !this.#isCurrent(run))
    if (found) {
      this.#report(run, { code: found.now?.exitCode, restarting: isRestarting(found.now) && !run.asked })
      return this.#finishIfOver()
    }
    if (!this.#isCurrent(run)) return
    // A log that ended too early, e.g. after a rotation, is read again.
    if (!this.#printer.hasTimeOf(run.replica.id)) run.silent = true
    else this.#begin(run.replica, false)
  }

  /** Whether a container that has ended is started again; a running one was. */
  async #startsAgain(run: ContainerRun): Promise<boolean> {
    const found = await this.#list.stateAfterEnd(run.replica.id, () => run.reported || !this.#isCurrent(run))
    return found ? isRestarting(found.now) : !run.reported && !this.#isCurrent(run)
  }

  #isCurrent(run: ContainerRun): boolean {
    return this.#runs.get(run.replica.id) === run
  }

  #report(run: ContainerRun, exit: Exit): void {
    const { options } = this
    run.report(exit, (replica, reported) => this.#printer.after(replica.id, () => options.onExit(replica, reported)))
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
}
