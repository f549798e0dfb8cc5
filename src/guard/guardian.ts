import type { Replica } from '../backend/read/containers.ts'
import type { Change } from '../backend/read/events.ts'
import type { Reader } from '../backend/reader.ts'
import { isAway } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Project } from '../project/project.ts'
import { replicaName } from '../project/replicas.ts'
import type { DesiredStateStore } from '../project/state/desired-state-file.ts'
import { settle, withLock } from '../project/with-lock.ts'
import { Wakeup } from '../util/async.ts'
import { BackOff } from './back-off.ts'
import { Drift } from './drift.ts'
import type { GuardedStack } from './guarded-stack.ts'
import { lastWords } from './last-words.ts'
import { inSeconds, problemText, REMEDIES, timesText } from './messages.ts'
import { Observer } from './observer.ts'
import { keyOf, type Problem, problemsOf, readyOnes, type Situation } from './problem.ts'
import { Recovery } from './recovery.ts'
import { type Repair, repairsFor } from './repair.ts'
import { runRepair } from './repair-run.ts'
import { Reporter } from './reporter.ts'
import { rungOrDue } from './wakeup.ts'

export interface GuardianOptions {
  /** The stack as it is guarded now: its files are read again when they change. */
  guarded(): GuardedStack
  /** As it was opened first: its lock is taken, and its signal ends the guard. */
  project: Project
  /** Of the project. */
  name: string
  reader: Reader
  store: DesiredStateStore
  say(text: string): void
  onReady(): void
}

/** Events come in groups: so long is waited for the rest of one, in milliseconds; also before another look at a list that is behind. */
const SETTLE = 50
/** Until another look at what the engine calls unhealthy without having tested it. */
const UNDECIDED = 5_000
/** Between two tries to reach the engine, and before another look after the engine failed. */
const PAUSES = [250, 500, 1_000, 2_000, 5_000] as const
const RETRY = 5_000
/** A guard that ends waits so long for the lock. */
const LEAVE = 2_000

/**
 * Guards a project: follows its events, and observes it again after each. It decides from what is there,
 * never from an event alone: events say when to look, and which ends were on purpose.
 */
export class Guardian {
  readonly #observer: Observer
  readonly #drift: Drift
  readonly #reporter: Reporter
  readonly #clock: Clock
  readonly #backOff = new BackOff()
  readonly #recovery = new Recovery()
  /** Told, and not begun with: what these need does not run yet. */
  readonly #waiting = new Set<string>()
  readonly #wakeup = new Wakeup()
  #isFresh = true
  #isReady = false

  constructor(private readonly options: GuardianOptions) {
    this.#clock = options.project.clock
    this.#observer = new Observer(options.store, () => options.guarded().loaded.stack)
    this.#drift = new Drift(options.guarded())
    this.#reporter = new Reporter(options.say)
  }

  /** Until the signal aborts. */
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

  /** The stack's files say something else now. */
  stackChanged(): void {
    this.#drift.due()
    this.#wakeup.ring()
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { reader, name } = this.options
    for (let failures = 0; ; failures++) {
      try {
        const changes = await reader.changes(name, signal)
        if (this.#reporter.forget('away')) this.#reporter.say('the engine answers again')
        failures = -1
        this.#isFresh = true
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
    const now = this.#clock.now()
    const { action, health } = change
    if (health === 'healthy') this.#backOff.healthy(keyOf(change), now)
    if (action === 'oom') this.#reporter.say(`${replicaName(change)} ran out of memory`)
    if (action === 'create' || action === 'destroy') this.#drift.due()
    this.#observer.hear(change, now)
    if (action !== 'kill' && action !== 'create' && action !== 'oom') this.#wakeup.ring()
  }

  async #act(signal: AbortSignal): Promise<void> {
    for (let next: number | undefined; ; ) {
      await rungOrDue(this.#wakeup, this.#clock, signal, next)
      await this.#clock.sleep(SETTLE, signal)
      try {
        next = await withLock(this.options.project, { command: 'guard', signal }, () => this.#round(signal))
        this.#ready()
      } catch (thrown) {
        if (signal.aborted || !(thrown instanceof StackError)) throw thrown
        if (!isAway(thrown)) this.#reporter.once('problem', thrown.sentence)
        this.#isFresh = true
        next = this.#clock.now() + RETRY
      }
    }
  }

  /** Looks, repairs what is due, and reports drift. The result is when to look again if nothing happens; undefined: never. */
  async #round(signal: AbortSignal): Promise<number | undefined> {
    const { reader, name } = this.options
    const guarded = this.options.guarded()
    await settle(guarded.project, { signal })
    const replicas = await reader.list(name, { all: true, verdicts: true }, signal)
    await this.#look(replicas, signal)
    const { stopped, next: unsure } = this.#observer.newStops(this.#clock.now())
    for (const slot of stopped) this.#reporter.say(`${replicaName(slot)} was stopped on purpose, and stays so`)
    const keepAt = this.#observer.keep(this.#clock.now())
    const situation = this.#situation(replicas)
    const problems = problemsOf(situation)
    this.#forgetOthers(problems)
    const recovered = this.#recovery.look(replicas, problems, this.#clock.now())
    for (const slot of recovered.well) this.#reporter.say(`${replicaName(slot)} runs again`)
    const { due, next } = await this.#dueOf(situation, problems, signal)
    this.#observer.busy.clear()
    for (const repair of repairsFor(situation, due)) if (!(await this.#repair(repair, signal))) this.#wakeup.ring()
    if (due.length === 0) await this.#drift.tell(guarded, situation, problems, { signal, say: this.#reporter.say })
    const behind = this.#observer.isBehind(replicas) ? this.#clock.now() + SETTLE : undefined
    const untold = replicas.some(isUndecided) ? this.#clock.now() + UNDECIDED : undefined
    return earliest(...unsure, keepAt, next, recovered.next, untold, behind)
  }

  async #look(replicas: readonly Replica[], signal: AbortSignal): Promise<void> {
    const { guarded, reader, name, project } = this.options
    const own = replicas.filter((each) => !each.oneoff)
    this.#observer.see(own)
    await this.#observer.seeCutOff(
      async () => (await reader.staleNamespaces?.(guarded().loaded.stack, signal)) ?? [],
      this.#isFresh,
    )
    if (!this.#isFresh) return
    const down = problemsOf(this.#situation(replicas)).filter(({ kind }) => kind === 'ended' || kind === 'missing')
    const remembered = async () => (await reader.remembered?.(name, project.runtime.wallTime(), signal)) ?? []
    await this.#observer.seeAnew(own, down, remembered, this.#clock.now())
    this.#isFresh = false
  }

  #situation(replicas: readonly Replica[]): Situation {
    const { loaded, services } = this.options.guarded()
    return {
      stack: loaded.stack,
      replicas,
      desired: this.#observer.desired(),
      services,
      done: this.#observer.done,
      cutOff: this.#observer.cutOff,
    }
  }

  /** Of what is in no trouble any more, the next one is a new one. */
  #forgetOthers(problems: readonly Problem[]): void {
    const inTrouble = new Set(problems.map(keyOf))
    for (const key of this.#reporter.subjects.filter((each) => /\/\d+$/.test(each) && !inTrouble.has(each))) {
      this.#reporter.forget(key)
      this.#reporter.forget(`${key} problem`)
      this.#backOff.calm(key)
    }
  }

  /** Those whose time has come, and when that of the next one comes. */
  async #dueOf(
    situation: Situation,
    problems: readonly Problem[],
    signal: AbortSignal,
  ): Promise<{ due: Problem[]; next: number | undefined }> {
    const now = this.#clock.now()
    const waits = problems.map((each) => {
      return [each, this.#backOff.notice(keyOf(each), now, each.kind === 'unhealthy') - now] as const
    })
    const timely = waits.flatMap(([each, ms]) => (ms <= 0 ? [each] : []))
    const later = waits.flatMap(([, ms]) => (ms > 0 ? [now + ms] : []))
    const due = readyOnes(situation, timely)
    for (const [each, ms] of waits) await this.#tell(each, ms, due.includes(each), signal)
    return { due, next: earliest(...later) }
  }

  /** One line for each time that a container is in trouble: what happened, how often, its last words, and what is done about it. */
  async #tell(problem: Problem, ms: number, isDue: boolean, signal: AbortSignal): Promise<void> {
    const key = keyOf(problem)
    const what = problemText(problem)
    if (!this.#reporter.isNews(key, what)) return
    const count = this.#recovery.count(problem, this.#backOff.isFirst(key))
    const isTold = problem.id !== undefined && (problem.kind === 'ended' || problem.kind === 'unhealthy')
    const words = isTold ? await lastWords(this.options.reader, problem.id ?? '', signal) : undefined
    const remedy = `${REMEDIES[problem.kind]}${ms > 0 ? ` in ${inSeconds(ms)}` : ''}`
    if (ms <= 0 && !isDue) this.#waiting.add(key)
    const then = this.#waiting.has(key) ? 'waiting for what it needs' : remedy
    this.#reporter.say(`${what}${timesText(count)}${words === undefined ? '' : `: ${words}`}; ${then}`)
  }

  /** Resolves to whether all of it was done. */
  async #repair(repair: Repair, signal: AbortSignal): Promise<boolean> {
    const { guarded } = this.options
    for (const problem of repair.problems) {
      this.#backOff.tried(keyOf(problem), this.#clock.now())
      if (this.#waiting.delete(keyOf(problem))) this.#reporter.say(`${replicaName(problem)}: ${REMEDIES[problem.kind]}`)
    }
    if (repair.intent.kind === 'restart' || !repair.intent.noRecreate)
      for (const slot of repair.slots) this.#observer.busy.add(slot)
    const keys = repair.problems.map(keyOf)
    const problem = (text: string) => this.#reporter.once(`${keys[0]} problem`, text)
    const isDone = await runRepair(guarded(), repair, { signal, say: this.#reporter.say, problem })
    // A container that is still down is no new problem.
    if (!isDone) return false
    for (const problem of repair.problems) {
      this.#reporter.forget(keyOf(problem))
      this.#recovery.broughtBack(problem, this.#clock.now())
    }
    return true
  }

  /** Records what was learnt for the next guard, unless the engine has just stopped everything. */
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

/** After a pause the engine calls it unhealthy until it has tested it, without a failed test. */
function isUndecided({ health, status }: Replica): boolean {
  return health === 'starting' && status.includes('(unhealthy)')
}

function earliest(...times: (number | undefined)[]): number | undefined {
  const given = times.filter((time) => time !== undefined)
  return given.length > 0 ? Math.min(...given) : undefined
}
