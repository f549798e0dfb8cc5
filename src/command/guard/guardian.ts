import type { Change, Reader, Replica } from '../../backend/reader.ts'
import type { IntentStore } from '../../cli/desired-state-file.ts'
import { isAway } from '../../diagnostics/backend-error.ts'
import { StackError } from '../../diagnostics/checked.ts'
import type { Clock } from '../../execute/step-context.ts'
import { BackOff } from '../../guard/back-off.ts'
import { keyOf, readyOnes, type Trouble, troublesOf, type View } from '../../guard/problem.ts'
import { Recovery } from '../../guard/recovery.ts'
import { type Batch, batchesFor } from '../../guard/repair.ts'
import { nameOf } from '../../project/desired-state.ts'
import { Drift } from './drift.ts'
import type { Charge } from './guarded-stack.ts'
import { lastWords } from './last-words.ts'
import { inSeconds, REMEDIES, timesWords, troubleWords } from './messages.ts'
import { Senses } from './observer.ts'
import { bringBack } from './repair-run.ts'
import { Speech } from './reporter.ts'
import { Bell } from './wakeup.ts'

export interface GuardianOptions {
  /** What is guarded now: it is read anew when its files change. */
  charge(): Charge
  project: string
  reader: Reader
  store: IntentStore
  clock: Clock
  signal: AbortSignal
  say(text: string): void
  /** Called once, when everything was looked at for the first time, or the engine turned out not to answer. */
  onReady(): void
}

/** Events come in groups: so long is waited for the rest of one, in milliseconds; also before another look at a list that is behind. */
const SETTLE = 50
/** Until another look at what the engine calls unhealthy without having tested it. */
const UNDECIDED = 5_000
/** Between two tries to reach the engine, and before another look after the engine failed. */
const PAUSES = [250, 500, 1_000, 2_000, 5_000] as const
const RETRY = 5_000
/** A guard that ends waits so long for its turn. */
const LEAVE = 2_000

/**
 * Looks after a project: hears what happens to it, and looks again whenever something has. What it does it decides from what is there,
 * never from an event alone: events tell when to look, and which ends were on purpose.
 */
export class Guardian {
  readonly #senses: Senses
  readonly #drift: Drift
  readonly #speech: Speech
  readonly #backOff = new BackOff()
  readonly #recovery = new Recovery()
  /** Told, and not begun with: what these need does not run yet. */
  readonly #waiting = new Set<string>()
  readonly #bell = new Bell()
  #isFresh = true
  #isReady = false

  constructor(private readonly options: GuardianOptions) {
    this.#senses = new Senses(options.store, () => options.charge().loaded.stack)
    this.#drift = new Drift(options.charge())
    this.#speech = new Speech(options.say)
  }

  /** Until the signal aborts. */
  async run(): Promise<void> {
    const { signal } = this.options
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

  /** The stack's files say something else now. */
  stackChanged(): void {
    this.#drift.due()
    this.#bell.ring()
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { reader, project, clock } = this.options
    for (let failures = 0; ; failures++) {
      try {
        const changes = await reader.changes(project, signal)
        if (this.#speech.forget('away')) this.#speech.say('the engine answers again')
        failures = -1
        this.#isFresh = true
        this.#bell.ring()
        for await (const change of changes) if (!change.oneoff) this.#hear(change)
      } catch (thrown) {
        if (signal.aborted || !isAway(thrown)) throw thrown
      }
      signal.throwIfAborted()
      this.#senses.broken(clock.now())
      this.#speech.once('away', 'the engine does not answer; waiting for it')
      this.#ready()
      await clock.sleep(PAUSES[Math.max(0, failures)] ?? RETRY, signal)
    }
  }

  #hear(change: Change): void {
    const now = this.options.clock.now()
    const { action, health } = change
    if (health === 'healthy') this.#backOff.healthy(keyOf(change), now)
    if (action === 'oom') this.#speech.say(`${nameOf(change)} ran out of memory`)
    if (action === 'create' || action === 'destroy') this.#drift.due()
    this.#senses.hear(change, now)
    if (action !== 'kill' && action !== 'create' && action !== 'oom') this.#bell.ring()
  }

  async #act(signal: AbortSignal): Promise<void> {
    const { clock } = this.options
    for (let next: number | undefined; ; ) {
      await this.#bell.heard(clock, signal, next)
      await clock.sleep(SETTLE, signal)
      try {
        next = await this.#inTurn(signal, () => this.#round(signal))
        this.#ready()
      } catch (thrown) {
        if (signal.aborted || !(thrown instanceof StackError)) throw thrown
        if (!isAway(thrown)) this.#speech.once('problem', thrown.sentence)
        this.#isFresh = true
        next = clock.now() + RETRY
      }
    }
  }

  async #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { host } = this.options.charge().context
    const release = await host.lock(this.options.project, 'guard', { signal, onWait: () => undefined })
    try {
      return await work()
    } finally {
      await release()
    }
  }

  /** Looks, brings back what is due, and tells of drift. The result is when to look again though nothing happens, if ever. */
  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { reader, project, clock } = this.options
    const charge = this.options.charge()
    await (await charge.context.backend()).settle({ signal, clock, onWait: () => undefined })
    const replicas = await reader.list(project, { all: true, verdicts: true }, signal)
    await this.#look(replicas, signal)
    const { stopped, next: unsure } = this.#senses.newStops(clock.now())
    for (const place of stopped) this.#speech.say(`${nameOf(place)} was stopped on purpose, and stays so`)
    const keepAt = this.#senses.keep(clock.now())
    const view = this.#view(replicas)
    const troubles = troublesOf(view)
    this.#forgetOthers(troubles)
    const recovered = this.#recovery.look(replicas, troubles, clock.now())
    for (const place of recovered.well) this.#speech.say(`${nameOf(place)} runs again`)
    const { due, next } = await this.#dueOf(view, troubles, signal)
    this.#senses.busy.clear()
    for (const batch of batchesFor(view, due)) if (!(await this.#bringBack(batch, signal))) this.#bell.ring()
    if (due.length === 0) await this.#drift.tell(charge, view, troubles, signal, this.#speech.say)
    const behind = this.#senses.isBehind(replicas) ? clock.now() + SETTLE : undefined
    const untold = replicas.some(isUndecided) ? clock.now() + UNDECIDED : undefined
    return earliest(...unsure, keepAt, next, recovered.next, untold, behind)
  }

  async #look(replicas: readonly Replica[], signal: AbortSignal): Promise<void> {
    const { charge, reader, project, clock } = this.options
    const own = replicas.filter((each) => !each.oneoff)
    this.#senses.see(own)
    await this.#senses.seeCutOff(() => reader.cutOff(charge().loaded.stack, signal), this.#isFresh)
    if (!this.#isFresh) return
    const down = troublesOf(this.#view(replicas)).filter(({ kind }) => kind === 'ended' || kind === 'missing')
    const remembered = () => reader.remembered(project, charge().context.host.wallTime(), signal)
    await this.#senses.seeAnew(own, down, remembered, clock.now())
    this.#isFresh = false
  }

  #view(replicas: readonly Replica[]): View {
    const { loaded, services } = this.options.charge()
    return {
      stack: loaded.stack,
      replicas,
      will: this.#senses.will(),
      services,
      done: this.#senses.done,
      cutOff: this.#senses.cutOff,
    }
  }

  /** Of what is in no trouble any more, the next one is a new one. */
  #forgetOthers(troubles: readonly Trouble[]): void {
    const inTrouble = new Set(troubles.map(keyOf))
    for (const key of this.#speech.subjects.filter((each) => /\/\d+$/.test(each) && !inTrouble.has(each))) {
      this.#speech.forget(key)
      this.#speech.forget(`${key} problem`)
      this.#backOff.calm(key)
    }
  }

  /** Those whose time has come, and when that of the next one comes. */
  async #dueOf(
    view: View,
    troubles: readonly Trouble[],
    signal: AbortSignal,
  ): Promise<{ due: Trouble[]; next: number | undefined }> {
    const now = this.options.clock.now()
    const waits = troubles.map((each) => {
      return [each, this.#backOff.notice(keyOf(each), now, each.kind === 'unhealthy') - now] as const
    })
    const timely = waits.flatMap(([each, ms]) => (ms <= 0 ? [each] : []))
    const later = waits.flatMap(([, ms]) => (ms > 0 ? [now + ms] : []))
    const due = readyOnes(view, timely)
    for (const [each, ms] of waits) await this.#tell(each, ms, due.includes(each), signal)
    return { due, next: earliest(...later) }
  }

  /** One line for each time that a container is in trouble: what happened, how often, its last words, and what is done about it. */
  async #tell(trouble: Trouble, ms: number, isDue: boolean, signal: AbortSignal): Promise<void> {
    const key = keyOf(trouble)
    const what = troubleWords(trouble)
    if (!this.#speech.isNews(key, what)) return
    const count = this.#recovery.count(trouble, this.#backOff.isFirst(key))
    const isTold = trouble.id !== undefined && (trouble.kind === 'ended' || trouble.kind === 'unhealthy')
    const words = isTold ? await lastWords(this.options.reader, trouble.id ?? '', signal) : undefined
    const remedy = `${REMEDIES[trouble.kind]}${ms > 0 ? ` in ${inSeconds(ms)}` : ''}`
    if (ms <= 0 && !isDue) this.#waiting.add(key)
    const then = this.#waiting.has(key) ? 'waiting for what it needs' : remedy
    this.#speech.say(`${what}${timesWords(count)}${words === undefined ? '' : `: ${words}`}; ${then}`)
  }

  /** Resolves to whether all of it was done. */
  async #bringBack(batch: Batch, signal: AbortSignal): Promise<boolean> {
    const { clock, charge } = this.options
    for (const trouble of batch.troubles) {
      this.#backOff.tried(keyOf(trouble), clock.now())
      if (this.#waiting.delete(keyOf(trouble))) this.#speech.say(`${nameOf(trouble)}: ${REMEDIES[trouble.kind]}`)
    }
    if (batch.intent.kind === 'restart' || !batch.intent.noRecreate)
      for (const place of batch.places) this.#senses.busy.add(place)
    const keys = batch.troubles.map(keyOf)
    const problem = (text: string) => this.#speech.once(`${keys[0]} problem`, text)
    const isDone = await bringBack(charge(), batch, { clock, signal, say: this.#speech.say, problem })
    // What is down still is no new trouble.
    if (!isDone) return false
    for (const trouble of batch.troubles) {
      this.#speech.forget(keyOf(trouble))
      this.#recovery.broughtBack(trouble, clock.now())
    }
    return true
  }

  /** What was learnt is kept for the next guard, unless the engine has just stopped everything. */
  async #leave(): Promise<void> {
    const { clock } = this.options
    this.#senses.broken(clock.now())
    if (!this.#senses.isLearning) return
    const patience = new AbortController()
    const turn = this.#inTurn(patience.signal, async () => void this.#senses.keep(clock.now(), true))
    turn.catch(() => undefined)
    await Promise.race([turn, clock.sleep(LEAVE, patience.signal)]).catch(() => undefined)
    patience.abort()
  }

  #ready(): void {
    if (!this.#isReady) this.options.onReady()
    this.#isReady = true
  }
}

/** After a pause the engine calls it unhealthy until it has tested it, and tells of no failure. */
function isUndecided({ health, status }: Replica): boolean {
  return health === 'starting' && status.includes('(unhealthy)')
}

function earliest(...times: (number | undefined)[]): number | undefined {
  const given = times.filter((time) => time !== undefined)
  return given.length > 0 ? Math.min(...given) : undefined
}
