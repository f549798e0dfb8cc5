import type { Plan } from '../plan/plan.ts'
import { type Step, undoes, type Verb } from '../plan/step.ts'
import type { ReplicaSlot } from '../project/state/desired-state.ts'
import { type Address, kindOf, replicaAt, shortName } from '../stack/address.ts'
import { keyOf } from './problem.ts'

/** Verbs that may affect things other than the repaired containers, since nothing else notices. */
const HARMLESS: ReadonlySet<Verb> = new Set(['pull', 'build', 'create', 'wait', 'check', 'copy', 'run'])

/** Part of a plan, and the other steps that it would need; if there are any, it must not be executed. */
export interface PartialPlan<A> {
  plan: Plan<A>
  lacks: string[]
}

/** Keeps only the part of a plan that repairs the containers in these slots (`web/1`): the rest is drift, which the user decides on. */
export function partialPlanFor<A>(plan: Plan<A>, slots: ReadonlySet<string>): PartialPlan<A> {
  const steps = new Map(plan.steps.map((step) => [step.id, step]))
  const kept = new Set<Step<A>>()
  const lacks = new Set<string>()
  const take = (step: Step<A>) => {
    if (kept.has(step)) return
    kept.add(step)
    for (const { step: id } of step.after) {
      const before = steps.get(id)
      if (!before) continue
      if (isFor(before, slots) || (replicaAt(groupOf(before)) === undefined && HARMLESS.has(before.verb))) take(before)
      else if (replicaAt(groupOf(before)) === undefined) lacks.add(`${before.subject}: ${before.cause}`)
    }
  }
  for (const step of plan.steps) if (isFor(step, slots)) take(step)
  const left = plan.steps.filter((step) => kept.has(step))
  return { plan: { ...plan, steps: left, unchanged: [], notes: [] }, lacks: [...lacks].sort() }
}

/** The changes of a plan, one line each, sorted: `web-1: environment.REV changed`. `counts` selects containers by slot. */
export function driftIn(plan: Plan<unknown>, counts: (slot: ReplicaSlot) => boolean): string[] {
  const all = plan.steps.filter((step) => step.when === undefined && !undoes(step) && isDrift(step, counts))
  const made = new Set(all.filter(makesContainer).map(groupOf))
  const steps = all.filter((step) => makesContainer(step) || !made.has(groupOf(step)))
  const lines = steps.map((step) => `${titleOf(groupOf(step))}: ${step.cause}`)
  const orphans = plan.notes.filter(({ code }) => code === 'orphans').map(({ message }) => message)
  return [...new Set([...lines, ...orphans])].sort()
}

/** The containers that a plan creates, in its order. */
export function madeIn(plan: Plan<unknown>): ReplicaSlot[] {
  return plan.steps.filter((step) => step.when === undefined && makesContainer(step)).flatMap(slotOf)
}

/** The containers that a plan starts, new or existing, in its order. */
export function startedIn(plan: Plan<unknown>): ReplicaSlot[] {
  return plan.steps.filter(({ when, verb }) => when === undefined && verb === 'start').flatMap(slotOf)
}

/** The reason for a container's creation explains all of its other steps. */
function makesContainer({ verb, subject }: Step<unknown>): boolean {
  return verb === 'create' && replicaAt(subject) !== undefined
}

function slotOf(step: Step<unknown>): ReplicaSlot[] {
  const slot = replicaAt(groupOf(step))
  return slot ? [slot] : []
}

/** Creating a network or volume is no drift by itself: the container that needs it is listed. */
function isDrift(step: Step<unknown>, counts: (slot: ReplicaSlot) => boolean): boolean {
  const slot = replicaAt(groupOf(step))
  return slot ? !LOOKING.has(step.verb) && counts(slot) : !HARMLESS.has(step.verb)
}

/** Verbs that change nothing; unpausing is up to the user. */
const LOOKING: ReadonlySet<Verb> = new Set(['wait', 'check', 'unpause'])

function groupOf({ group, subject }: Step<unknown>): Address {
  return group ?? subject
}

function isFor(step: Step<unknown>, slots: ReadonlySet<string>): boolean {
  const slot = replicaAt(groupOf(step))
  return slot !== undefined && slots.has(keyOf(slot))
}

function titleOf(group: Address): string {
  return replicaAt(group) ? shortName(group) : `${kindOf(group)} ${shortName(group)}`
}
