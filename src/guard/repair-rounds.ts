import type { Replica } from '../backend/read/containers.ts'
import type { Reader } from '../backend/reader.ts'
import type { Clock } from '../execute/step-context.ts'
import type { Project } from '../project/project.ts'
import { replicaName } from '../project/replicas.ts'
import { settle } from '../project/with-lock.ts'
import type { Drift } from './drift.ts'
import type { GuardedStack } from './guarded-stack.ts'
import { earliest, type Incidents } from './incidents.ts'
import type { Observer } from './observer.ts'
import { keyOf, problemsOf, type Situation } from './problem.ts'
import { type Repair, repairsFor } from './repair.ts'
import { runRepair } from './repair-run.ts'
import type { Reporter } from './reporter.ts'

/** Milliseconds until the next check of a list that lags behind the events. */
const BEHIND = 50
/** Milliseconds until the next check of a container that the engine calls unhealthy without having tested it. */
const UNDECIDED = 5_000

export interface RoundOptions {
  /** The current stack: its files are read again when they change. */
  guarded(): GuardedStack
  /** The project as first opened: its lock is used, and its signal ends the guard. */
  project: Project
  /** The project's name. */
  name: string
  reader: Reader
}

interface Parts {
  observer: Observer
  drift: Drift
  reporter: Reporter
  incidents: Incidents
}

/** The rounds of a guard, which take turns with commands: observe, repair what is due, report drift. */
export class RepairRounds {
  readonly #clock: Clock
  #isFresh = true

  constructor(
    private readonly options: RoundOptions,
    private readonly parts: Parts,
  ) {
    this.#clock = options.project.clock
  }

  /** Called when events may have been missed: the next round starts from the observed state. */
  resync(): void {
    this.#isFresh = true
  }

  /** Runs one round with the project's lock. Returns the time of the next round if nothing happens; undefined: none. */
  async run(signal: AbortSignal): Promise<number | undefined> {
    const { drift, reporter, incidents } = this.parts
    const guarded = this.options.guarded()
    await settle(guarded.project, { signal })
    const replicas = await this.options.reader.list(this.options.name, { all: true, verdicts: true }, signal)
    await this.#look(replicas, signal)
    const learnt = this.#learn()
    const situation = this.#situation(replicas)
    const problems = problemsOf(situation)
    const recovered = incidents.look(replicas, problems)
    const { due, next } = await incidents.dueOf(situation, problems, signal)
    const again = await this.#repairAll(repairsFor(situation, due), signal)
    if (due.length === 0) await drift.report(guarded, situation, problems, { signal, say: reporter.say })
    return earliest(learnt, next, recovered, again, this.#lookAgain(replicas))
  }

  /** Reports intended stops, and stores those that are certain. Returns the time at which more will be certain. */
  #learn(): number | undefined {
    const { observer, reporter } = this.parts
    const { stopped, next } = observer.newStops(this.#clock.now())
    for (const slot of stopped) reporter.say(`${replicaName(slot)} was stopped on purpose, and stays stopped`)
    return earliest(...next, observer.keep(this.#clock.now()))
  }

  /** When to check again because the list lags behind the events. */
  #lookAgain(replicas: readonly Replica[]): number | undefined {
    const behind = this.parts.observer.isBehind(replicas) ? this.#clock.now() + BEHIND : undefined
    const untested = replicas.some(isUndecided) ? this.#clock.now() + UNDECIDED : undefined
    return earliest(behind, untested)
  }

  async #look(replicas: readonly Replica[], signal: AbortSignal): Promise<void> {
    const { guarded, reader, name, project } = this.options
    const { observer } = this.parts
    const own = replicas.filter((each) => !each.oneoff)
    observer.see(own)
    const staleOnes = async () => (await reader.staleNamespaces?.(guarded().loaded.stack, signal)) ?? []
    await observer.seeCutOff(staleOnes, this.#isFresh)
    if (!this.#isFresh) return
    const down = problemsOf(this.#situation(replicas)).filter(({ kind }) => kind === 'ended' || kind === 'missing')
    const remembered = async () => (await reader.remembered?.(name, project.runtime.wallTime(), signal)) ?? []
    await observer.resync(own, down, remembered, this.#clock.now())
    this.#isFresh = false
  }

  #situation(replicas: readonly Replica[]): Situation {
    const { loaded, services } = this.options.guarded()
    const { observer } = this.parts
    const { done, cutOff } = observer
    return { stack: loaded.stack, replicas, desired: observer.desired(), services, done, cutOff }
  }

  /** Returns the time of the next round: at once if a repair was not executed. */
  async #repairAll(repairs: readonly Repair[], signal: AbortSignal): Promise<number | undefined> {
    this.parts.observer.busy.clear()
    let again: number | undefined
    for (const repair of repairs) if (!(await this.#repair(repair, signal))) again = this.#clock.now()
    return again
  }

  /** Resolves to whether the repair succeeded completely. */
  async #repair(repair: Repair, signal: AbortSignal): Promise<boolean> {
    const { observer, reporter, incidents } = this.parts
    incidents.tried(repair.problems)
    if (repair.intent.kind === 'restart' || !repair.intent.noRecreate)
      for (const slot of repair.slots) observer.busy.add(slot)
    const [first] = repair.problems.map(keyOf)
    const problem = (text: string) => reporter.once(`${first} problem`, text)
    const isDone = await runRepair(this.options.guarded(), repair, { signal, say: reporter.say, problem })
    // A container that is still down has no new problem.
    if (isDone) incidents.broughtBack(repair.problems)
    return isDone
  }
}

/** Whether the engine reports `unhealthy` without a failed test, as it does after a pause until it tests again. */
function isUndecided({ health, status }: Replica): boolean {
  return health === 'starting' && status.includes('(unhealthy)')
}
