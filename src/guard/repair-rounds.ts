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

/** Until another look at a list that is behind the events, in milliseconds. */
const BEHIND = 50
/** Until another look at what the engine calls unhealthy without having tested it. */
const UNDECIDED = 5_000

export interface RoundOptions {
  /** The stack as it is guarded now: its files are read again when they change. */
  guarded(): GuardedStack
  /** As it was opened first: its lock is taken, and its signal ends the guard. */
  project: Project
  /** Of the project. */
  name: string
  reader: Reader
}

interface Parts {
  observer: Observer
  drift: Drift
  reporter: Reporter
  incidents: Incidents
}

/** What a guard does in turn with commands: it looks, repairs what is due, and reports drift. */
export class RepairRounds {
  readonly #clock: Clock
  #isFresh = true

  constructor(
    private readonly options: RoundOptions,
    private readonly parts: Parts,
  ) {
    this.#clock = options.project.clock
  }

  /** Events may have been missed: the next round starts from what is there. */
  lookAnew(): void {
    this.#isFresh = true
  }

  /** One round, while the project's lock is held. The result is when to look again if nothing happens; undefined: never. */
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

  /** Stops on purpose are reported, and what is certain is kept. The result is when there is more to learn. */
  #learn(): number | undefined {
    const { observer, reporter } = this.parts
    const { stopped, next } = observer.newStops(this.#clock.now())
    for (const slot of stopped) reporter.say(`${replicaName(slot)} was stopped on purpose, and stays stopped`)
    return earliest(...next, observer.keep(this.#clock.now()))
  }

  /** What the list does not show yet. */
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
    await observer.seeAnew(own, down, remembered, this.#clock.now())
    this.#isFresh = false
  }

  #situation(replicas: readonly Replica[]): Situation {
    const { loaded, services } = this.options.guarded()
    const { observer } = this.parts
    const { done, cutOff } = observer
    return { stack: loaded.stack, replicas, desired: observer.desired(), services, done, cutOff }
  }

  /** The result is when to look again: at once, if one of them was not carried out. */
  async #repairAll(repairs: readonly Repair[], signal: AbortSignal): Promise<number | undefined> {
    this.parts.observer.busy.clear()
    let again: number | undefined
    for (const repair of repairs) if (!(await this.#repair(repair, signal))) again = this.#clock.now()
    return again
  }

  /** Resolves to whether all of it was done. */
  async #repair(repair: Repair, signal: AbortSignal): Promise<boolean> {
    const { observer, reporter, incidents } = this.parts
    incidents.tried(repair.problems)
    if (repair.intent.kind === 'restart' || !repair.intent.noRecreate)
      for (const slot of repair.slots) observer.busy.add(slot)
    const [first] = repair.problems.map(keyOf)
    const problem = (text: string) => reporter.once(`${first} problem`, text)
    const isDone = await runRepair(this.options.guarded(), repair, { signal, say: reporter.say, problem })
    // A container that is still down is no new problem.
    if (isDone) incidents.broughtBack(repair.problems)
    return isDone
  }
}

/** After a pause the engine calls it unhealthy until it has tested it, without a failed test. */
function isUndecided({ health, status }: Replica): boolean {
  return health === 'starting' && status.includes('(unhealthy)')
}
