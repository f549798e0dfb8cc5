import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Address } from '../stack/address.ts'
import { Acyclic } from './acyclic.ts'
import type { Plan } from './plan.ts'
import type { After, Step, StepId } from './step.ts'

/** Collects steps. A step may depend on ids that are never added; such edges are dropped. */
export interface PlanBuilder<A> {
  add(step: Omit<Step<A>, 'after'> & { after?: (After | StepId | undefined)[] }): StepId
  has(id: StepId): boolean
  /** Makes an optional step required. */
  require(id: StepId): void
  /** Orders the step after the first planned step of `first` for which that creates no cycle. */
  prefer(step: StepId, first: StepId[], on: After['on']): void
  unchanged(address: Address): void
  note(diagnostic: Diagnostic): void
  /** Sorts the steps so that each depends on earlier ones only, and drops edges to absent steps. */
  finish(stack: string): Plan<A>
}

export function planBuilder<A>(): PlanBuilder<A> {
  const steps = new Map<StepId, Step<A>>()
  const unchanged = new Set<Address>()
  const notes = new Map<string, Diagnostic>()
  const preferences: Preference[] = []
  return {
    add(step) {
      const after = (step.after ?? []).flatMap((each) => toAfter(each))
      steps.set(step.id, { ...step, after })
      return step.id
    },
    has: (id) => steps.has(id),
    require(id) {
      const step = steps.get(id)
      if (!step?.optional) return
      const { optional: _dropped, ...needed } = step
      steps.set(id, needed)
    },
    prefer: (step, first, on) => void preferences.push({ step, first, on }),
    unchanged: (address) => void unchanged.add(address),
    note: (diagnostic) => void notes.set(diagnostic.message, diagnostic),
    finish(stack) {
      applyPreferences(steps, preferences)
      const touched = new Set([...steps.values()].map((step) => step.subject))
      const untouched = [...unchanged].filter((address) => !touched.has(address)).sort()
      return { stack, steps: inOrder(steps), unchanged: untouched, notes: [...notes.values()] }
    },
  }
}

interface Preference {
  step: StepId
  first: StepId[]
  on: After['on']
}

function applyPreferences<A>(steps: Map<StepId, Step<A>>, preferences: readonly Preference[]): void {
  if (preferences.length === 0) return
  const order = new Acyclic(inOrder(steps).map(({ id, after }) => [id, after.map(({ step }) => step)] as const))
  for (const { step: id, first, on } of preferences) {
    const step = steps.get(id)
    const found = step && first.find((each) => steps.has(each) && order.add(id, each))
    if (found !== undefined) step?.after.push({ step: found, on })
  }
}

function toAfter(after: After | StepId | undefined): After[] {
  if (after === undefined) return []
  return [typeof after === 'string' ? { step: after, on: 'success' } : after]
}

/** Depth-first, in the order in which the steps were added. A cycle would be a bug in the planner. */
function inOrder<A>(steps: Map<StepId, Step<A>>): Step<A>[] {
  const ordered: Step<A>[] = []
  const state = new Map<StepId, 'open' | 'done'>()
  const visit = (id: StepId) => {
    const step = steps.get(id)
    if (!step || state.get(id) === 'done') return
    if (state.get(id) === 'open') throw new Error(`plan step ${id} comes after itself`)
    state.set(id, 'open')
    const after = dedupe(step.after.filter((each) => steps.has(each.step)))
    for (const each of after) visit(each.step)
    state.set(id, 'done')
    ordered.push({ ...step, after })
  }
  for (const id of steps.keys()) visit(id)
  return ordered
}

function dedupe(after: After[]): After[] {
  return [...new Map(after.map((each) => [`${each.on} ${each.step}`, each])).values()]
}
