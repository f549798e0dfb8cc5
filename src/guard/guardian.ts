import type { Change } from '../backend/read/events.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import type { Clock } from '../execute/step-context.ts'
import { replicaName } from '../project/replicas.ts'
import type { DesiredStateStore } from '../project/state/desired-state-file.ts'
import { withLock } from '../project/with-lock.ts'
import { Wakeup } from '../util/async.ts'
import { Drift } from './drift.ts'
import { Incidents } from './incidents.ts'
import { Observer } from './observer.ts'
import { keyOf } from './problem.ts'
import { RepairRounds, type RoundOptions } from './repair-rounds.ts'
import { Reporter } from './reporter.ts'

export interface GuardianOptions extends RoundOptions {
  store: DesiredStateStore
  say(text: string): void
  onReady(): void
}

/** Milliseconds to wait for further events, which come in groups. */
const SETTLE = 50
/** Milliseconds between attempts to reach the engine, and before the next round after an engine failure. */
const PAUSES = [250, 500, 1_000, 2_000, 5_000] as const
const RETRY = 5_000
/** Milliseconds for which an ending guard waits for the lock. */
const LEAVE = 2_000

/**
 * Guards a project: follows its events, and observes it after each. Decides from the observed state, never from an event alone:
 * events only trigger rounds and show which stops were intended.
 */
export class Guardian {
  readonly #observer: Observer
  readonly #drift: Drift
  readonly #reporter: Reporter
  readonly #incidents: Incidents
  readonly #rounds: RepairRounds
  readonly #clock: Clock
  readonly #wakeup = new Wakeup()
  #isReady = false

  constructor(private readonly options: GuardianOptions) {
    const { project, reader, store, guarded, say } = options
    this.#clock = project.clock
    this.#observer = new Observer(store, () => guarded().loaded.stack)
    this.#drift = new Drift(guarded())
    this.#reporter = new Reporter(say)
    this.#incidents = new Incidents(reader, this.#reporter, this.#clock)
    const parts = { observer: this.#observer, drift: this.#drift, reporter: this.#reporter, incidents: this.#incidents }
    this.#rounds = new RepairRounds(options, parts)
  }

  /** Runs until the signal aborts. */
  async run(): Promise<void> {
    const { signal } = this.options.project
    const over = new AbortController()
    const either = AbortSignal.any([signal, over.signal])
    try {
      await Promise.all([this.#listen(either), this.#act(either)].map((each) => each.finally(() => over.abort())))
    } catch (thrown) {
      if (!signal.aborted) throw thrown
    } finally {
      await this.#leave()
    }
  }

  /** Called when the stack's files have changed. */
  stackChanged(): void {
    this.#drift.due()
    this.#wakeup.ring()
  }

  async #listen(signal: AbortSignal): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        const changes = await this.options.reader.changes(this.options.name, signal)
        if (this.#reporter.forget('away')) this.#reporter.say('the engine answers again')
        failures = -1
        this.#rounds.resync()
        this.#wakeup.ring()
        for await (const change of changes) if (!change.oneoff) this.#hear(change)
      } catch (thrown) {
        if (signal.aborted || !isAway(thrown)) throw thrown
      }
      signal.throwIfAborted()
      this.#observer.broken(this.#clock.now())
      this.#reporter.once('away', 'the engine does not answer; waiting for it')
      this.#ready()
      await this.#clock.sleep(PAUSES[Math.max(0, failures)] ?? RETRY, signal)
    }
  }

  #hear(change: Change): void {
    const { action, health } = change
    if (health === 'healthy') this.#incidents.healthy(keyOf(change))
    if (action === 'oom') this.#reporter.say(`${replicaName(change)} ran out of memory`)
    if (action === 'create' || action === 'destroy') this.#drift.due()
    this.#observer.hear(change, this.#clock.now())
    if (action !== 'kill' && action !== 'create' && action !== 'oom') this.#wakeup.ring()
  }

  async #act(signal: AbortSignal): Promise<void> {
    for (let next: number | undefined; ; ) {
      await rungOrDue(this.#wakeup, this.#clock, signal, next)
      await this.#clock.sleep(SETTLE, signal)
      try {
        next = await withLock(this.options.project, { command: 'guard', signal }, () => this.#rounds.run(signal))
        this.#ready()
      } catch (thrown) {
        if (signal.aborted || !(thrown instanceof StackError)) throw thrown
        if (!isAway(thrown)) this.#reporter.once('problem', thrown.sentence)
        this.#rounds.resync()
        next = this.#clock.now() + RETRY
      }
    }
  }

  /** Stores what was learned for the next guard, unless the engine has just stopped everything. */
  async #leave(): Promise<void> {
    this.#observer.broken(this.#clock.now())
    if (!this.#observer.isLearning) return
    const patience = new AbortController()
    const keep = async () => void this.#observer.keep(this.#clock.now(), true)
    const turn = withLock(this.options.project, { command: 'guard', signal: patience.signal }, keep)
    turn.catch(() => undefined)
    await Promise.race([turn, this.#clock.sleep(LEAVE, patience.signal)]).catch(() => undefined)
    patience.abort()
  }

  #ready(): void {
    if (!this.#isReady) this.options.onReady()
    this.#isReady = true
  }
}

/** Waits until the wakeup rings or the clock reaches `until`; rejects when the signal aborts. */
async function rungOrDue(wakeup: Wakeup, clock: Clock, signal: AbortSignal, until?: number): Promise<void> {
  const over = new AbortController()
  const given = AbortSignal.any([signal, over.signal])
  const due = until === undefined ? [] : [clock.sleep(Math.max(0, until - clock.now()), given)]
  const waits = [wakeup.next(given), ...due]
  for (const each of waits) each.catch(() => undefined)
  try {
    await Promise.race(waits)
  } finally {
    over.abort()
  }
}
