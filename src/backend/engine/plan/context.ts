import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { ImageSummary } from '../../../docker/port.ts'
import type { Graph } from '../../../graph/graph.ts'
import type { PlanBuilder } from '../../../plan/builder.ts'
import type { Service } from '../../../stack/model.ts'
import type { Declared } from '../../backend.ts'
import type { Place } from '../../docker/host-paths.ts'
import type { UpIntent } from '../../intent.ts'
import type { EngineAction } from '../action.ts'
import type { Observed } from '../observe/observed.ts'
import type { Slot } from '../observe/slots.ts'
import type { Claim, Holdings } from './claims.ts'
import type { Start } from './container/fixed-addresses.ts'
import type { PlannedNetwork } from './resource/networks.ts'

/** What planning an `up` works with. Only the builder, the problems, the networks and the claims grow. */
export interface UpContext {
  declared: Declared
  observed: Observed
  intent: UpIntent
  builder: PlanBuilder<EngineAction>
  problems: Diagnostic[]
  /** The services to bring up, needed ones first. */
  selection: string[]
  slots: ReadonlyMap<string, Slot[]>
  /** What has been planned for each network so far, by key. */
  networks: Map<string, PlannedNetwork | undefined>
  /** What each service is going to take that others may hold. */
  takings: ReadonlyMap<string, Holdings>
  /** The starts that take such things. */
  claims: Claim[]
  /** All starts, with their services. */
  starts: Start[]
  /** Who holds a name that the stack needs. */
  holders: ReadonlyMap<string, Observed['holders'][number]>
  /** The image on the engine that a reference stands for. */
  imageOf(reference: string): ImageSummary | undefined
  /** The first service of the selection whose `build` makes an image, by its reference. */
  makers: ReadonlyMap<string, string>
  /** Who needs a service directly. */
  dependents: Graph<string>
  selected: ReadonlySet<string>
  /** 1.41 is 141. */
  api: number
  place: Place
}

export function serviceIn(context: UpContext, name: string): Service {
  return context.declared.stack.services[name] ?? {}
}

/** `1.41` as a number that compares: 141. */
export function apiNumber(version: string | undefined): number {
  const [major = '1', minor = '41'] = (version ?? '1.41').split('.')
  return Number(major) * 100 + Number(minor)
}
