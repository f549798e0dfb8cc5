import type { Plan } from '../plan/plan.ts'
import { replicaName } from '../project/replicas.ts'
import type { ReplicaSlot } from '../project/state/desired-state.ts'
import { spacesOf } from '../stack/dependencies.ts'
import type { Stack } from '../stack/model.ts'
import { affectedBy } from './dependents.ts'
import { madeIn, startedIn } from './plan-filter.ts'
import { keyOf, type Problem } from './problem.ts'
import type { Repair } from './repair.ts'

/** Describes a container's problem: `web-1 exited with code 1`. */
export function problemText(problem: Problem): string {
  const name = replicaName(problem)
  switch (problem.kind) {
    case 'missing':
      return `${name} is missing`
    case 'unstarted':
      return `${name} was created but never started`
    case 'ended':
      return problem.exitCode === undefined ? `${name} has ended` : `${name} exited with code ${problem.exitCode}`
    case 'unhealthy':
      return `${name} is unhealthy`
    case 'cut-off':
      return `${name} is cut off: the container whose namespaces it shares was started after it`
  }
}

/** `, for the 3rd time`; empty for the first time. */
export function timesText(count: number): string {
  if (count < 2) return ''
  const isTeen = count % 100 > 10 && count % 100 < 14
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `, for the ${count}${ending} time`
}

export const REMEDIES: Readonly<Record<Problem['kind'], string>> = {
  missing: 'recreating it',
  unstarted: 'starting it',
  ended: 'restarting it',
  unhealthy: 'restarting it',
  'cut-off': 'recreating it',
}

/** One line for each container that a plan affects although it had no problem itself. */
export function dependentsText(stack: Stack, { slots, problems }: Repair, plan: Plan<unknown>): string[] {
  const inTrouble = new Set(problems.map(keyOf))
  const made = madeIn(plan).filter((slot) => !inTrouble.has(keyOf(slot)))
  const known = new Set([...inTrouble, ...made.map(keyOf)])
  const started = startedIn(plan).filter((slot) => !known.has(keyOf(slot)))
  return [
    ...made.map((slot) => `${replicaName(slot)}: recreated${whereItLives(stack, slot, slots)}`),
    ...started.map((slot) => `${replicaName(slot)}: restarted${alongWith(stack, slot, problems)}`),
  ]
}

/** Only the first container of a service can be a host. */
function whereItLives(stack: Stack, { service }: ReplicaSlot, slots: ReadonlySet<string>): string {
  const hosts = spacesOf(stack.services[service] ?? {}).map((name) => ({ service: name, number: 1 }))
  const host = hosts.find((slot) => slots.has(keyOf(slot)))
  return host ? `, because it shares the namespaces of ${replicaName(host)}` : ''
}

function alongWith(stack: Stack, { service }: ReplicaSlot, problems: readonly Problem[]): string {
  const names = problems.filter((each) => affectedBy(stack, [each.service]).includes(service)).map(replicaName)
  return names.length > 0 ? ` along with ${names.join(', ')}` : ''
}

/** `4 s`. */
export function inSeconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`
}
