import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { ImageSummary } from '../../../docker/port.ts'
import type { Graph } from '../../../graph/graph.ts'
import type { PlanBuilder } from '../../../plan/builder.ts'
import type { After, FieldChange, StepId, When } from '../../../plan/step.ts'
import type { Variant } from '../../../plan/step-id.ts'
import type { Service } from '../../../stack/model.ts'
import type { Declared } from '../../backend.ts'
import type { EngineHost } from '../../docker/host-paths.ts'
import type { BuildChoices } from '../../image-intent.ts'
import type { UpIntent } from '../../intent.ts'
import type { EngineAction, Id } from '../action.ts'
import type { Lowered } from '../lower/lower.ts'
import type { ClaimIndex, Holdings } from '../observe/claim-index.ts'
import type { Lookup } from '../observe/lookup.ts'
import type { Observed } from '../observe/observed.ts'
import type { Slot } from '../observe/slots.ts'

/** The state of planning an `up`. Only the builder, problems, networks, claims and starts change. */
export interface UpContext {
  declared: Declared
  observed: Observed
  lookup: Lookup
  /** The services that are database servers, by the keys of the volumes with their data. */
  databases: ReadonlyMap<string, Service>
  intent: UpIntent
  /** The command line's build options. */
  choices?: BuildChoices
  builder: PlanBuilder<EngineAction>
  problems: Diagnostic[]
  /** The services to bring up, dependencies first. */
  selection: string[]
  slots: ReadonlyMap<string, Slot[]>
  /** The networks planned so far, by key. */
  networks: Map<string, PlannedNetwork | undefined>
  /** The resources that each service will claim. */
  demands: ReadonlyMap<string, Holdings>
  demanded: ClaimIndex<Holdings>
  claims: ResourceClaim[]
  /** All starts, with their services. */
  starts: PlannedStart[]
  /** The containers that hold names which the stack needs. */
  holders: ReadonlyMap<string, Observed['holders'][number]>
  imageOf(reference: string): ImageSummary | undefined
  /** The first service of the selection whose `build` makes an image, by its reference. */
  makers: ReadonlyMap<string, string>
  /** The direct dependents of each service. */
  dependents: Graph<string>
  selected: ReadonlySet<string>
  /** The services that the intent names. */
  named: ReadonlySet<string>
  /** With --always-recreate-deps, the named services and their dependencies; else none. */
  recreated: ReadonlySet<string>
  /** The ids of the containers in slots. */
  inSlots: ReadonlySet<string>
  /** API version 1.41 is 141. */
  api: number
  engineHost: EngineHost
}

export interface ResourceClaim extends Holdings {
  step: StepId
  /** Containers of the same slot, which the replacement stops anyway. */
  own: string[]
}

/** A step that assigns a container's addresses: it starts the container, or connects it to a recreated network. */
export interface PlannedStart {
  step: StepId
  service: string
  /** The container runs already. */
  reconnects?: true
}

/** The image of a service. */
export interface PlannedImage {
  /** The current id, if the engine has the image. */
  known?: string
  /** The pull or build, if one is planned. */
  step?: StepId
  /** The id that the container will use. */
  id?: Id
}

export interface PlannedNetwork {
  id: Id
  /** The id of the network that it replaces. */
  replaces?: string
  step?: StepId
}

/** How the replicas of a service are replaced (`deploy.update_config`, Compose Deploy Specification). */
export interface Rollout {
  startFirst: boolean
  monitorMs: number
  /** The edges from earlier batches. */
  turn: After[]
  /** For `failure_action: rollback`. */
  unit?: RollbackUnit
}

export interface RollbackUnit {
  check: StepId
  startFirst: boolean
  turn: After[]
}

export interface ReplicaInput {
  context: UpContext
  slot: Slot
  lowered: Lowered
  image: PlannedImage
  networks: { key: string; planned: PlannedNetwork }[]
  /** The containers whose namespaces or volumes it shares. */
  shares: Id[]
  /** The step that gathers the variables of providers and models. */
  provided?: StepId
  /** Labels about the database's volume. */
  labels?: Record<string, string>
  /** Steps before the creation: volumes, names that must become free. */
  before: StepId[]
  /** Edges from dependencies, for the start. */
  ready: After[]
  waiting: string[]
  /** Whether the hooks that run once for the service are due; by default they are. */
  once?: Once
  /** The update settings; absent if the service has none. */
  rollout?: Rollout
}

/** `done`: a container of the service keeps running unchanged. A condition: due if it holds. */
export type Once = 'due' | 'done' | When

/** The planned steps and the resulting container of a replica. */
export interface PlannedReplica {
  slot: Slot
  container: Id
  /** The steps that start it; none if it already runs. */
  started: StepId[]
  /** The steps after which it has its final name. */
  settled: StepId[]
  /** Edges for steps that follow the restart of the old container after a failure. */
  undone?: After[]
  /** The condition of a conditional replacement. */
  when?: When
  /** Whether a new container replaces an old one. */
  replaced: boolean
  /** Restarted together with a dependency. */
  restarted?: true
}

export type Planned = ReadonlyMap<string, PlannedReplica[]>

export interface Created {
  container: Id
  /** The step that creates it, unless it exists. */
  created?: StepId
  /** Checks before the old container is stopped: if one fails, only the creation has to be undone. */
  checked?: StepId[]
  variant: Variant
  when?: When
}

/** The containers whose namespaces or volumes a service shares. It must be recreated with them. */
export interface Shared {
  ids: Id[]
  /** The steps after which these containers are in place. */
  settled: StepId[]
  /** A service among them whose container is recreated or restarted. */
  renewed?: string
  /** The condition under which that happens. */
  when?: When
}

export interface Candidate {
  context: UpContext
  slot: Slot
  image: PlannedImage
  lowered: Lowered
  networks: { key: string; planned: PlannedNetwork }[]
  /** The containers whose namespaces or volumes it shares. */
  shared: Shared
  /** The step that checks whether the variables of its providers changed. */
  provided?: StepId
}

/** The decision about the container in a slot, with the reason. */
export type Decision =
  | { kind: 'create'; cause: string }
  | { kind: 'replace'; cause: string; changes: FieldChange[]; when?: When }
  | { kind: 'start'; cause: string }
  | { kind: 'unpause'; cause: string }
  | { kind: 'keep' }
