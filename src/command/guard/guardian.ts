import type { Change, Reader, Replica } from '../../backend/reader.ts'
import type { IntentStore } from '../../cli/intents.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { BackOff } from '../../guard/back-off.ts'
import { type Batch, batchesFor, upOf } from '../../guard/batch.ts'
import { Ears, stoppedIn } from '../../guard/ears.ts'
import { driftIn, partFor } from '../../guard/part.ts'
import {
  isAlive,
  isDone,
  isStoppedByHand,
  keyOf,
  readyOnes,
  type Trouble,
  troublesOf,
  type View,
} from '../../guard/trouble.ts'
import { nameOf, type Place, wants } from '../../guard/will.ts'
import type { RunEvent } from '../../run/event.ts'
import { execute } from '../../run/execute.ts'
import type { Clock } from '../../run/scope.ts'
import { replicasOf } from '../../stack/names.ts'
import { isAway as isEngineAway } from '../shared/patience.ts'
import { Bell } from './bell.ts'
import { type Charge, planned } from './charge.ts'
import { Knowledge } from './knowledge.ts'
import { inSeconds, REMEDIES, troubleWords } from './words.ts'

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

/** Events come in groups: so long is waited for the rest of one, in milliseconds. */
const SETTLE = 100
/** Between two tries to reach the engine, and before another look after the engine failed. */
const PAUSES = [250, 500, 1_000, 2_000, 5_000] as const
const RETRY = 5_000

/**
 * Looks after a project: hears what happens to it, and looks again whenever something has. What it does it decides from what is there,
 * never from an event alone: events tell when to look, and which ends were on purpose.
 */
export class Guardian {
  readonly #ears = new Ears()
  readonly #backOff = new BackOff()
  readonly #bell = new Bell()
  readonly #knowledge: Knowledge
  readonly #done = new Set<string>()
  /** Services that are being stopped by this guard. */
  readonly #busy = new Set<string>()
  /** On purpose, as far as is known, and not told yet: the next event may say otherwise. */
  readonly #stops = new Map<string, Place>()
  /** What was said last of a subject, so that it is not said again. */
  readonly #said = new Map<string, string>()
  #declared: ReadonlySet<string>
  #isFresh = true
  #isDriftDue = true
  #isReady = false

  constructor(private readonly options: GuardianOptions) {
    this.#knowledge = new Knowledge(options.store)
    this.#declared = new Set(Object.keys(options.charge().loaded.stack.services))
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
    this.#isDriftDue = true
    this.#bell.ring()
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { reader, project, clock } = this.options
    for (let failures = 0; ; failures++) {
      try {
        const changes = await reader.changes(project, signal)
        if (this.#said.delete('away')) this.options.say('the engine answers again')
        failures = -1
        this.#isFresh = true
        this.#bell.ring()
        for await (const change of changes) this.#hear(change)
      } catch (thrown) {
        if (signal.aborted || !isAway(thrown)) throw thrown
      }
      signal.throwIfAborted()
      this.#lost()
      await clock.sleep(PAUSES[Math.max(0, failures)] ?? RETRY, signal)
    }
  }

  #hear(change: Change): void {
    if (change.oneoff) return
    const now = this.options.clock.now()
    const { action, service, number } = change
    if (action === 'health' && change.health === 'healthy') this.#backOff.healthy(keyOf(change), now)
    if (action === 'oom') this.options.say(`${nameOf({ service, number })} ran out of memory`)
    if (action === 'create' || action === 'destroy') this.#isDriftDue = true
    const verdict = this.#ears.hear(change, now)
    if (verdict?.want === 'running') this.#learn(verdict.place, 'running')
    if (verdict?.want === 'before') this.#unlearn(verdict.place)
    if (verdict?.want === 'stopped' && !this.#busy.has(service) && !this.#knowledge.isInTurn(service))
      this.#learn(verdict.place, 'stopped')
    if (action !== 'kill' && action !== 'create' && action !== 'oom') this.#bell.ring()
  }

  #learn(place: Place, want: 'running' | 'stopped'): void {
    const isNews = this.#knowledge.learn(place, want, this.#countOf(place), this.options.clock.now())
    if (isNews && want === 'stopped') this.#stops.set(keyOf(place), place)
    else if (want === 'running') this.#stops.delete(keyOf(place))
  }

  #unlearn(place: Place): void {
    this.#knowledge.unlearn(place)
    this.#stops.delete(keyOf(place))
  }

  #lost(): void {
    for (const place of this.#ears.broken(this.options.clock.now())) this.#unlearn(place)
    this.#once('away', 'the engine does not answer; waiting for it')
    this.#ready()
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
        if (signal.aborted || !(isAway(thrown) || isProblem(thrown))) throw thrown
        if (!isAway(thrown)) this.#once('problem', wordsOf(thrown))
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
    const { context } = this.options.charge()
    await (await context.backend()).settle({ signal, clock, onWait: () => undefined })
    const replicas = await reader.list(project, { all: true }, signal)
    await this.#look(replicas, signal)
    for (const place of this.#stops.values()) this.options.say(`${nameOf(place)} was stopped on purpose, and stays so`)
    this.#stops.clear()
    const keepAt = this.#knowledge.keep(clock.now())
    const view = this.#view(replicas)
    const troubles = troublesOf(view)
    for (const key of this.#said.keys())
      if (/\/\d+$/.test(key) && !troubles.some((each) => keyOf(each) === key)) this.#over(key)
    const { due, next } = this.#dueOf(view, troubles)
    this.#busy.clear()
    let allWell = true
    for (const batch of batchesFor(view, due)) allWell = (await this.#bringBack(batch, signal)) && allWell
    if (!allWell) this.#bell.ring()
    if (due.length === 0) await this.#tellDrift(view, troubles, signal)
    return earliest(keepAt, next)
  }

  async #look(replicas: readonly Replica[], signal: AbortSignal): Promise<void> {
    const { stack } = this.options.charge().loaded
    const own = replicas.filter((each) => !each.oneoff)
    for (const each of own) {
      if (isDone(stack, each)) this.#done.add(keyOf(each))
      else if (isAlive(each)) this.#done.delete(keyOf(each))
    }
    if (!this.#isFresh) return
    const down = troublesOf(this.#view(replicas)).filter(({ kind }) => kind === 'ended' || kind === 'missing')
    const byHand = new Set(own.filter((each) => isStoppedByHand(stack, each)).map(keyOf))
    const stopped = down.some((each) => !byHand.has(keyOf(each))) ? await this.#stoppedUnheard(signal) : byHand
    this.#isFresh = false
    this.#ears.seen(own.filter(isAlive))
    for (const each of own.filter(isAlive)) this.#learn(each, 'running')
    for (const each of down) if (byHand.has(keyOf(each)) || stopped.has(keyOf(each))) this.#learn(each, 'stopped')
  }

  /** While nobody listened; the engine itself may remember who was stopped on purpose. */
  async #stoppedUnheard(signal: AbortSignal): Promise<ReadonlySet<string>> {
    const { charge, reader, project } = this.options
    const changes = await reader.remembered(project, charge().context.host.wallTime(), signal)
    const own = (service: string) => this.#busy.has(service) || this.#knowledge.isInTurn(service)
    return new Set(stoppedIn(changes).flatMap((place) => (own(place.service) ? [] : [keyOf(place)])))
  }

  #view(replicas: readonly Replica[]): View {
    const { loaded, services } = this.options.charge()
    return { stack: loaded.stack, replicas, will: this.#knowledge.will(), services, done: this.#done }
  }

  /** Those whose time has come, and when that of the next one comes. */
  #dueOf(view: View, troubles: readonly Trouble[]): { due: Trouble[]; next: number | undefined } {
    const now = this.options.clock.now()
    const times = new Map(
      troubles.map((each) => [each, this.#backOff.notice(keyOf(each), now, each.kind === 'unhealthy')]),
    )
    const timely = troubles.filter((each) => (times.get(each) ?? 0) <= now)
    for (const each of troubles) this.#tellWait(each, (times.get(each) ?? 0) - now)
    const later = [...times.values()].filter((time) => time > now)
    return { due: readyOnes(view, timely), next: earliest(...later) }
  }

  #tellWait(trouble: Trouble, ms: number): void {
    const wait = ms > 0 ? `; next try in ${inSeconds(ms)}` : ''
    this.#once(keyOf(trouble), `${troubleWords(trouble)}${wait}`)
  }

  /** Resolves to whether all of it was done. */
  async #bringBack(batch: Batch, signal: AbortSignal): Promise<boolean> {
    const { clock, say } = this.options
    const charge = this.options.charge()
    for (const trouble of batch.troubles) {
      this.#backOff.tried(keyOf(trouble), clock.now())
      this.#said.delete(keyOf(trouble))
      say(`${nameOf(trouble)}: ${REMEDIES[trouble.kind]}`)
    }
    if (batch.intent.kind === 'restart' || !batch.intent.noRecreate)
      for (const place of batch.places) this.#busy.add(place.slice(0, place.lastIndexOf('/')))
    try {
      const { plan, lacks } = partFor(await planned(charge, batch.intent, signal), batch.places)
      for (const each of lacks) say(`this takes a change that is left to you (flotilla up): ${each}`)
      if (lacks.length > 0 || plan.steps.length === 0) return false
      const { perform } = await charge.context.backend()
      return (await execute(plan, perform, { signal, clock, emit: (event) => this.#report(event) })).ok
    } catch (thrown) {
      if (signal.aborted || !isProblem(thrown) || isAway(thrown)) throw thrown
      say(wordsOf(thrown))
      return false
    }
  }

  #report(event: RunEvent): void {
    if (event.type === 'step-fail') this.options.say(event.problem.message)
    if (event.type === 'step-warning') this.options.say(event.problem.message)
  }

  /** Said once for each change of it; nothing is done about it. */
  async #tellDrift(view: View, troubles: readonly Trouble[], signal: AbortSignal): Promise<void> {
    if (!this.#isDriftDue) return
    this.#isDriftDue = false
    const charge = this.options.charge()
    const intent = { ...upOf(view, view.services), noRecreate: false }
    const plan = await planned(charge, intent, signal)
    const inTrouble = new Set(troubles.map(keyOf))
    const drift = driftIn(plan, (place) => {
      if (inTrouble.has(keyOf(place)) || this.#done.has(keyOf(place))) return false
      const wanted = wants(view.will, place, replicasOf(view.stack.services[place.service] ?? {}))
      return wanted ?? !this.#declared.has(place.service)
    })
    const text = drift.map((line) => `drift: ${line}`).join('\n')
    if ((this.#said.get('drift') ?? '') === text) return
    this.#said.set('drift', text)
    if (drift.length === 0) this.options.say('everything is as declared again')
    for (const line of drift) this.options.say(`drift: ${line}`)
  }

  /** What was learnt is kept for the next guard, unless the engine has just stopped everything. */
  async #leave(): Promise<void> {
    const { clock } = this.options
    for (const place of this.#ears.broken(clock.now())) this.#knowledge.unlearn(place)
    if (!this.#knowledge.isLearning) return
    const patience = new AbortController()
    const turn = this.#inTurn(patience.signal, async () => void this.#knowledge.keep(clock.now(), true))
    turn.catch(() => undefined)
    await Promise.race([turn, clock.sleep(LEAVE_MS, patience.signal)]).catch(() => undefined)
    patience.abort()
  }

  #countOf({ service }: Place): number {
    return replicasOf(this.options.charge().loaded.stack.services[service] ?? {})
  }

  #once(subject: string, text: string): void {
    if (this.#said.get(subject) !== text) this.options.say(text)
    this.#said.set(subject, text)
  }

  #over(key: string): void {
    this.#said.delete(key)
    this.#backOff.calm(key)
  }

  #ready(): void {
    if (!this.#isReady) this.options.onReady()
    this.#isReady = true
  }
}

/** A guard that ends waits so long for its turn. */
const LEAVE_MS = 2_000

function earliest(...times: (number | undefined)[]): number | undefined {
  const given = times.filter((time) => time !== undefined)
  return given.length > 0 ? Math.min(...given) : undefined
}

function isAway(thrown: unknown): boolean {
  const unreachable =
    thrown instanceof StackError && thrown.diagnostics.some(({ code }) => code === 'engine-unreachable')
  return unreachable || isEngineAway(thrown)
}

/** Of the user's or the engine's making. */
function isProblem(thrown: unknown): boolean {
  return thrown instanceof StackError || (thrown instanceof Error && thrown.name === 'EngineError')
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof StackError) return thrown.diagnostics.map(({ message }) => message).join('; ')
  return thrown instanceof Error ? thrown.message : String(thrown)
}
