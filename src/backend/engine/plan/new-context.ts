import { HERE } from '../../docker/host-paths.ts'
import { imageFinder } from '../../docker/image-reference.ts'
import { ClaimIndex } from '../observe/claim-index.ts'
import { Lookup } from '../observe/lookup.ts'
import type { Observed } from '../observe/observed.ts'
import { apiNumber } from './context.ts'
import { claimsByService } from './resource-claims.ts'
import type { UpContext } from './types.ts'

type EngineFacts = Pick<UpContext, 'api' | 'engineHost' | 'imageOf'>

export function engineFacts({ engine, engineHost = HERE, images }: Observed): EngineFacts {
  return { api: apiNumber(engine?.apiVersion), engineHost, imageOf: imageFinder(images) }
}

type Given = Pick<UpContext, 'declared' | 'observed' | 'intent' | 'builder' | 'selection' | 'slots'>

/** A context with nothing planned yet, and without holders, makers and databases. */
export function newContext(given: Given & EngineFacts): UpContext {
  const { declared, observed, intent, selection, slots } = given
  const demands = claimsByService(declared.stack, slots)
  return {
    ...given,
    lookup: new Lookup(declared.stack, observed),
    databases: new Map(),
    problems: [],
    networks: new Map(),
    claims: [],
    starts: [],
    selected: new Set(selection),
    named: new Set(intent.services),
    recreated: intent.recreateDependencies ? declared.graph.closure(intent.services) : new Set(),
    inSlots: new Set(
      [...slots.values()].flat().flatMap(({ current, next }) => [current?.id ?? [], next?.id ?? []].flat()),
    ),
    dependents: declared.graph.reversed(),
    demands,
    demanded: new ClaimIndex([...demands.values()]),
    holders: new Map(),
    makers: new Map(),
  }
}
