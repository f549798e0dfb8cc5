import { HERE } from '../../docker/host-paths.ts'
import { imageFinder } from '../../docker/image-reference.ts'
import type { Observed } from '../observe/observed.ts'
import { apiNumber } from './context.ts'
import { claimsByService } from './resource-claims.ts'
import type { UpContext } from './types.ts'

type EngineFacts = Pick<UpContext, 'api' | 'engineHost' | 'imageOf'>

export function engineFacts({ engine, engineHost = HERE, images }: Observed): EngineFacts {
  return { api: apiNumber(engine?.apiVersion), engineHost, imageOf: imageFinder(images) }
}

type Given = Pick<UpContext, 'declared' | 'observed' | 'intent' | 'builder' | 'selection' | 'slots'>

/** A context in which nothing is planned yet, and nobody holds a name or makes an image. */
export function newContext(given: Given & EngineFacts): UpContext {
  const { declared, selection, slots } = given
  return {
    ...given,
    problems: [],
    networks: new Map(),
    claims: [],
    starts: [],
    selected: new Set(selection),
    dependents: declared.graph.reversed(),
    demands: claimsByService(declared.stack, slots),
    holders: new Map(),
    makers: new Map(),
  }
}
