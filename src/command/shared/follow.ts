import type { Change, LogLine, Reader, Replica } from '../../backend/reader.ts'
import type { Clock } from '../../run/scope.ts'
import { isAway, PAUSE, patiently } from './patience.ts'
import { replicaName } from './replicas.ts'

export interface FollowOptions {
  project: string
  /** The services to follow; undefined: all of the project, those yet to come included. */
  services: ReadonlySet<string> | undefined
  /** The first log line wanted of a container: a time after which it stands, or how many from the end. */
  from(replica: Named): Start
  /** Whether to tell of an end that came before following began. */
  isNews?(replica: Replica): boolean
  onLine(name: string, line: LogLine): void
  onExit(name: string, code: number | undefined): void
  clock: Clock
}

interface Start {
  after?: string
  since?: string
  tail?: number
}

/** When the last line of each stream was written. */
type Times = Record<LogLine['stream'], string>

type Named = Pick<Replica, 'id' | 'service' | 'number'>

/**
 * Follows logs through ends and restarts until no container is left that runs, or the signal aborts. An engine that goes away is waited
 * for; throws its error if it stays away.
 */
export async function follow(reader: Reader, options: FollowOptions, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  try {
    await new Follower(reader, options, AbortSignal.any([signal, over.signal])).run()
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  } finally {
    over.abort()
  }
}

/** A container from one start to the next. */
interface Life {
  /** Settles when the last line of its log is out. */
  logged: Promise<void>
  /** Whether its end was told, or is not to be. */
  told: boolean
  ended: boolean
  /** Its log ended long before it did: some logging drivers keep none. */
  silent?: true
}

/** How long an end may take to show in the engine's list once the log has ended, in milliseconds and looks. */
const LOOK_AGAIN = 200
const LOOKS = 25

/** How long the last lines of an ended container may take, in milliseconds. */
const DRAIN = 2000

class Follower {
  readonly #lives = new Map<string, Life>()
  /** Times of the last lines, by container and stream: a line that has no end yet comes later than what the other stream says. */
  readonly #last = new Map<string, Times>()
  #finish: (failure?: unknown) => void = () => {}

  constructor(
    private readonly reader: Reader,
    private readonly options: FollowOptions,
    private readonly signal: AbortSignal,
  ) {}

  async run(): Promise<void> {
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = (failure) => (failure === undefined ? resolve() : reject(failure))
    })
    const changes = await this.#subscribe()
    for (const replica of await this.#replicas()) {
      this.#begin(replica, replica.state === 'exited' && !this.options.isNews?.(replica))
    }
    await this.#finishIfOver()
    await Promise.race([finished, this.#listen(changes)])
  }

  /** Until all is over: a connection that ends says nothing about the containers. */
  async #listen(first: AsyncIterable<Change>): Promise<never> {
    for (let changes = first; ; ) {
      await this.#take(changes)
      await this.options.clock.sleep(PAUSE, this.signal)
      changes = await this.#subscribe()
      for (const replica of await this.#replicas()) {
        if (ALIVE.has(replica.state) || !this.#lives.has(replica.id)) this.#begin(replica, false)
      }
      await this.#finishIfOver()
    }
  }

  async #take(changes: AsyncIterable<Change>): Promise<void> {
    try {
      for await (const change of changes) if (this.#wanted(change)) await this.#react(change)
    } catch (thrown) {
      if (this.signal.aborted || !isAway(thrown)) throw thrown
    }
  }

  async #react(change: Change): Promise<void> {
    if (change.action === 'start') this.#begin(change, false)
    if (change.action === 'die') await this.#died(change)
    if (change.action === 'destroy') await this.#finishIfOver()
  }

  #subscribe(): Promise<AsyncIterable<Change>> {
    const subscribe = () => this.reader.changes(this.options.project, this.signal)
    return patiently(subscribe, this.options.clock, this.signal)
  }

  /** Begins to print a container's log, unless that is under way. */
  #begin(replica: Named, told: boolean): void {
    const before = this.#lives.get(replica.id)
    if (before && !before.ended) return
    const life: Life = { told, ended: false, logged: Promise.resolve() }
    this.#lives.set(replica.id, life)
    // A log that cannot be read, for its driver keeps none, is no reason to stop.
    life.logged = this.#print(replica).catch(() => {})
    life.logged.then(() => this.#ended(replica, life)).catch((thrown) => this.#finish(thrown))
  }

  async #died(change: Change): Promise<void> {
    const life = this.#lives.get(change.id)
    if (!life) return
    await Promise.race([life.logged, this.options.clock.sleep(DRAIN, this.signal)])
    this.#tell(change, life, change.exitCode)
    if (life.silent) await this.#ended(change, life)
  }

  /** The engine tells of an end before its list shows it, and may have told before anyone listened: look until it shows. */
  async #ended(replica: Named, life: Life): Promise<void> {
    life.ended = true
    for (let looks = 0; looks < LOOKS && this.#lives.get(replica.id) === life; looks++) {
      const now = (await this.#replicas()).find(({ id }) => id === replica.id)
      if (now?.state !== 'running') {
        this.#tell(replica, life, now?.exitCode)
        return this.#finishIfOver()
      }
      await this.options.clock.sleep(LOOK_AGAIN, this.signal)
    }
    life.silent = true
  }

  #tell(replica: Named, life: Life, code: number | undefined): void {
    if (!life.told) this.options.onExit(replicaName(replica), code)
    life.told = true
  }

  /** Ends the whole once no container runs or is about to, and the last lines are out. */
  async #finishIfOver(): Promise<void> {
    const replicas = await this.#replicas()
    if (replicas.some((replica) => ALIVE.has(replica.state))) return
    await Promise.all([...this.#lives.values()].map((life) => life.logged))
    if ([...this.#lives.values()].every((life) => life.told)) this.#finish()
  }

  async #replicas(): Promise<Replica[]> {
    const list = () => this.reader.list(this.options.project, { all: true }, this.signal)
    const all = await patiently(list, this.options.clock, this.signal)
    return all.filter((replica) => this.#wanted(replica))
  }

  #wanted({ service, oneoff }: Pick<Replica, 'service' | 'oneoff'>): boolean {
    return !oneoff && (this.options.services?.has(service) ?? true)
  }

  /** After a restart, the engine gives the whole log again: what was printed before is left out by its time. */
  async #print(replica: Named): Promise<void> {
    const from = this.options.from(replica)
    const last = this.#last.get(replica.id) ?? (await this.#beginning(replica, from))
    this.#last.set(replica.id, last)
    const after = last.stdout > last.stderr ? last.stdout : last.stderr
    const since = after || from.since
    const tail = after ? undefined : from.tail
    const wanted = { timestamps: true, ...(since && { since }), ...(tail !== undefined && { tail }) }
    for await (const line of this.reader.logs(replica.id, { ...wanted, follow: true }, this.signal)) {
      if (line.time === undefined || line.time > last[line.stream]) this.#put(replica, line, last)
    }
    await this.#printRest(replica, from, last)
  }

  /** While following, engines keep back a last line that has no newline ; once the container has ended, they give it. */
  async #printRest(replica: Named, { since }: Start, last: Times): Promise<void> {
    const wanted = { follow: false, timestamps: true, tail: REST, ...(since && { since }) }
    for await (const line of this.reader.logs(replica.id, wanted, this.signal)) {
      if (line.time !== undefined && line.time > last[line.stream]) this.#put(replica, line, last)
    }
  }

  /** The times after which lines are wanted: with `tail: 0`, that of the last line that is there. */
  async #beginning({ id }: Named, { after, tail }: Start): Promise<Times> {
    let time = after ?? ''
    if (!time && tail === 0) {
      for await (const line of this.reader.logs(id, { follow: false, timestamps: true, tail: 1 }, this.signal))
        time = line.time ?? ''
    }
    return { stdout: time, stderr: time }
  }

  #put(replica: Named, line: LogLine, last: Times): void {
    if (line.time !== undefined) last[line.stream] = line.time
    this.options.onLine(replicaName(replica), line)
  }
}

/** How many lines from the end are looked through for some that were kept back. */
const REST = 100

const ALIVE: ReadonlySet<string> = new Set(['running', 'restarting', 'paused'])
