import { affectedBy } from '../../guard/dependents.ts'
import { madeIn, startedIn } from '../../guard/plan-filter.ts'
import { keyOf, type Trouble } from '../../guard/problem.ts'
import type { Batch } from '../../guard/repair.ts'
import type { Plan } from '../../plan/plan.ts'
import { nameOf, type Place } from '../../project/desired-state.ts'
import { spacesOf } from '../../stack/dependencies.ts'
import type { Stack } from '../../stack/model.ts'

/** What is the matter with a container: `web-1 exited with code 1`. */
export function troubleWords(trouble: Trouble): string {
  const name = nameOf(trouble)
  switch (trouble.kind) {
    case 'missing':
      return `${name} is gone`
    case 'unstarted':
      return `${name} was created and does not run`
    case 'ended':
      return trouble.exitCode === undefined ? `${name} has ended` : `${name} exited with code ${trouble.exitCode}`
    case 'unhealthy':
      return `${name} is unhealthy`
    case 'cut-off':
      return `${name} is cut off: the container in whose namespaces it lives was started after it`
  }
}

/** `, for the 3rd time`; nothing the first time. */
export function timesWords(count: number): string {
  if (count < 2) return ''
  const isTeen = count % 100 > 10 && count % 100 < 14
  const ending = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `, for the ${count}${ending} time`
}

export const REMEDIES: Readonly<Record<Trouble['kind'], string>> = {
  missing: 'creating it again',
  unstarted: 'starting it',
  ended: 'starting it again',
  unhealthy: 'restarting it',
  'cut-off': 'creating it again in there',
}

/** What a plan does to containers that were in no trouble themselves, a line each. */
export function alongWords(stack: Stack, { places, troubles }: Batch, plan: Plan<unknown>): string[] {
  const inTrouble = new Set(troubles.map(keyOf))
  const made = madeIn(plan).filter((place) => !inTrouble.has(keyOf(place)))
  const known = new Set([...inTrouble, ...made.map(keyOf)])
  const started = startedIn(plan).filter((place) => !known.has(keyOf(place)))
  return [
    ...made.map((place) => `${nameOf(place)}: made anew${whereItLives(stack, place, places)}`),
    ...started.map((place) => `${nameOf(place)}: restarted${alongWith(stack, place, troubles)}`),
  ]
}

/** Only the first container of a service can be a host. */
function whereItLives(stack: Stack, { service }: Place, places: ReadonlySet<string>): string {
  const hosts = spacesOf(stack.services[service] ?? {}).map((name) => ({ service: name, number: 1 }))
  const host = hosts.find((place) => places.has(keyOf(place)))
  return host ? `, as it lives in ${nameOf(host)}` : ''
}

function alongWith(stack: Stack, { service }: Place, troubles: readonly Trouble[]): string {
  const names = troubles.filter((each) => affectedBy(stack, [each.service]).includes(service)).map(nameOf)
  return names.length > 0 ? ` along with ${names.join(', ')}` : ''
}

/** `4 s`. */
export function inSeconds(ms: number): string {
  return `${Math.max(1, Math.round(ms / 1000))} s`
}
