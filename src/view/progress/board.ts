import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { RunEvent, StepInfo } from '../../execute/event.ts'
import type { FailureReport } from '../../execute/failure-report.ts'
import { type StepId, undoes } from '../../plan/step.ts'
import { type Address, kindOf } from '../../stack/address.ts'
import { type Group, groupsOf, isOver, type StepRow, type StepState } from './groups.ts'

export interface Failure {
  step: StepInfo
  problem: Diagnostic
  report?: FailureReport
}

type PlanEvent = Extract<RunEvent, { type: 'plan' }>
type EndEvent = Extract<RunEvent, { type: 'end' }>

/** The state of a run for views, derived from its events. Prints nothing. */
export class Board {
  readonly stack: string
  readonly groups: Group[]
  readonly failures: Failure[] = []
  /** Warnings of steps that did not fail. */
  readonly warnings: Diagnostic[] = []
  readonly unchanged: Address[]
  readonly notes: Diagnostic[]
  end: EndEvent | undefined
  readonly #steps: Map<StepId, StepRow>
  readonly #groups: ReadonlyMap<Address, Group>
  /** The first failure of each group. */
  readonly #failed = new Map<Address, Failure>()
  /** The failed step because of which each step was skipped, if the run reports it. */
  readonly #causes = new Map<StepId, StepId>()

  constructor(plan: PlanEvent) {
    this.stack = plan.stack
    this.unchanged = plan.unchanged
    this.notes = plan.notes
    this.#steps = new Map(plan.steps.map((info) => [info.id, { info, state: 'waiting' }]))
    this.groups = groupsOf([...this.#steps.values()].filter(({ info }) => !undoes(info) && !isOfAll(info)))
    this.#groups = new Map(this.groups.map((group) => [group.address, group]))
  }

  apply(event: RunEvent): void {
    if (event.type === 'end') this.end = event
    const row = 'step' in event ? this.#steps.get(event.step) : undefined
    if (!row) return
    // An undo step is only shown if it runs.
    if (event.type === 'step-start' && undoes(row.info)) this.groupOf(event.step)?.steps.push(row)
    if (event.type === 'step-start') Object.assign(row, { state: 'running', startedAt: event.at })
    if (event.type === 'step-progress') row.progress = event
    if (event.type === 'step-warning') this.warnings.push(event.problem)
    if (event.type === 'step-done') Object.assign(row, { state: 'done', endedAt: event.at })
    if (event.type === 'step-skip') Object.assign(row, { state: skipState(event.reason), endedAt: event.at })
    if (event.type === 'step-skip' && event.cause) this.#causes.set(event.step, event.cause)
    if (event.type === 'step-fail') this.#fail(row, event)
  }

  step(id: StepId): StepRow | undefined {
    return this.#steps.get(id)
  }

  groupOf(id: StepId): Group | undefined {
    const address = this.#steps.get(id)?.info.group
    return address === undefined ? undefined : this.#groups.get(address)
  }

  /** The first failure of a group. */
  failureOf({ address }: Group): Failure | undefined {
    return this.#failed.get(address)
  }

  /** The titles of the groups for which a group's next step waits, in display order. */
  blockers(group: Group): string[] {
    const next = group.steps.find((row) => row.state === 'waiting')
    const open = (next?.info.after ?? []).map((id) => this.#steps.get(id)).filter((row) => row && !isOver(row))
    const addresses = new Set(open.map((row) => row?.info.group))
    return this.groups.filter((each) => each !== group && addresses.has(each.address)).map((each) => each.title)
  }

  /** The failed group that caused a skip. */
  causeOf(group: Group): Group | undefined {
    const causes = group.steps.flatMap(({ info }) => this.#causes.get(info.id) ?? [])
    const known = causes.find((id) => this.#steps.get(id)?.state === 'failed')
    if (known !== undefined) return this.groupOf(known)
    const open = group.steps.flatMap((row) => row.info.after)
    const seen = new Set<StepId>()
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id)) continue
      seen.add(id)
      if (this.#steps.get(id)?.state === 'failed') return this.groupOf(id)
      open.push(...(this.#steps.get(id)?.info.after ?? []))
    }
    return undefined
  }

  /** The steps that are done, out of those that the run needs so far. */
  get counts(): { done: number; needed: number } {
    const rows = [...this.#steps.values()].filter(({ info, state }) => !undoes(info) || state !== 'waiting')
    const needed = rows.filter(({ state }) => state !== 'unneeded')
    return { done: needed.filter(({ state }) => state === 'done').length, needed: needed.length }
  }

  /** Whether the user interrupted the run. */
  get interrupted(): boolean {
    return [...this.#steps.values()].some((row) => row.state === 'interrupted')
  }

  /** The number of containers that are up to date. */
  get untouched(): number {
    return this.unchanged.filter((address) => kindOf(address) === 'container').length
  }

  #fail(row: StepRow, event: Extract<RunEvent, { type: 'step-fail' }>): void {
    const interrupted = event.problem.code === 'interrupted'
    Object.assign(row, { state: interrupted ? 'interrupted' : 'failed', endedAt: event.at })
    if (interrupted) return
    const { problem, dossier } = event
    const step = isOfAll(row.info) && dossier ? { ...row.info, group: dossier.subject } : row.info
    if (step !== row.info) this.#groups.get(step.group)?.steps.push(row)
    const failure = { step, problem, ...(dossier && { report: dossier }) }
    this.failures.push(failure)
    if (!this.#failed.has(step.group)) this.#failed.set(step.group, failure)
  }
}

/** A check of the whole stack has no line: its failures are shown with the container concerned. */
function isOfAll({ group }: Pick<StepInfo, 'group'>): boolean {
  return kindOf(group) === 'stack'
}

function skipState(reason: 'unneeded' | 'upstream' | 'interrupted'): StepState {
  return reason === 'upstream' ? 'skipped' : reason
}
