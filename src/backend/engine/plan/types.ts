import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { ImageSummary } from '../../../docker/port.ts'
import type { Graph } from '../../../graph/graph.ts'
import type { PlanBuilder } from '../../../plan/builder.ts'
import type { After, FieldChange, StepId, When } from '../../../plan/step.ts'
import type { Variant } from '../../../plan/step-id.ts'
import type { Declared } from '../../backend.ts'
import type { EngineHost } from '../../docker/host-paths.ts'
import type { UpIntent } from '../../intent.ts'
import type { EngineAction, Id } from '../action.ts'
import type { Lowered } from '../lower/lower.ts'
import type { Observed } from '../observe/observed.ts'
import type { HostPorts } from '../observe/ports.ts'
import type { Slot } from '../observe/slots.ts'

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
  demands: ReadonlyMap<string, Holdings>
  /** The starts that take such things. */
  claims: ResourceClaim[]
  /** All starts, with their services. */
  starts: PlannedStart[]
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
  engineHost: EngineHost
}

/** What containers can get into each other's way about. */
export interface Holdings {
  ports: HostPorts[]
  /** Volumes and directories that are written to: two services share them only where both declarations say so. */
  places: string[]
  /** Static addresses, by network. */
  addresses: string[]
}

/** A start that is going to take something. */
export interface ResourceClaim extends Holdings {
  step: StepId
  /** Containers of the same slot: they give way to it anyway. */
  own: string[]
}

/** A step that starts a container, which gets its addresses then. */
export interface PlannedStart {
  step: StepId
  service: string
}

/** The image that a service will run. */
export interface PlannedImage {
  /** The id that it has now, if it is there. */
  known?: string
  /** The step that gets it, if one is planned. */
  step?: StepId
  /** The id that it will have. */
  id?: Id
}

export interface PlannedNetwork {
  id: Id
  /** The id of the network of that name that it takes the place of. */
  replaces?: string
  step?: StepId
}

/** How the replicas of a service are replaced (`deploy.update_config`, Compose Deploy Specification). */
export interface Rollout {
  startFirst: boolean
  monitorMs: number
  /** What must be over before this replica's turn. */
  turn: After[]
  /** `failure_action: rollback`: the step that decides whether all go back, and the turn of this replica then. */
  unit?: RollbackUnit
}

export interface RollbackUnit {
  check: StepId
  startFirst: boolean
  turn: After[]
}

/** Everything that planning one replica needs, found out before. */
export interface ReplicaInput {
  context: UpContext
  slot: Slot
  lowered: Lowered
  image: PlannedImage
  networks: { key: string; planned: PlannedNetwork }[]
  /** The containers whose namespaces or volumes it shares. */
  shares: Id[]
  /** The step that puts together what providers and models tell it. */
  provided?: StepId
  /** What the container remembers of a database's volume. */
  labels?: Record<string, string>
  /** Steps before the container can be created: volumes, names that must become free. */
  before: StepId[]
  /** What must be true before it may start. */
  ready: After[]
  waiting: string[]
  /** Whether what runs once for its service is due; by default it is. */
  once?: Once
  /** How its service's containers are replaced; absent where it says nothing, or nothing is replaced. */
  rollout?: Rollout
}

/** Not while a container of the service goes on as it is: done. A condition: that none does. */
export type Once = 'due' | 'done' | When

/** A replica once the plan has been carried out. */
export interface PlannedReplica {
  slot: Slot
  container: Id
  /** The steps after which it has been started; none if it runs already. */
  started: StepId[]
  /** The step after which it stands under its own name. */
  settled: StepId[]
  /** What comes after the old container has been started again, should the new one fail. */
  undone?: After[]
  /** The condition under which it is replaced at all. */
  when?: When
  /** Whether another container takes the place of the old one. */
  replaced: boolean
  /** Stopped and started again, with a dependency. */
  restarted?: true
}

export type Planned = ReadonlyMap<string, PlannedReplica[]>

export interface Created {
  container: Id
  /** The step that creates it, if it was not there already. */
  created?: StepId
  /** Checks before anything is stopped for it: if one of them fails there is nothing to undo but its creation. */
  checked?: StepId[]
  variant: Variant
  when?: When
}

/** What a service lives in: the containers whose namespaces or volumes it shares. It cannot outlive them. */
export interface Shared {
  ids: Id[]
  /** The steps after which they stand. */
  settled: StepId[]
  /** A service whose container is made or started anew. */
  renewed?: string
  /** The condition under which one is. */
  when?: When
}

export interface Candidate {
  context: UpContext
  slot: Slot
  image: PlannedImage
  lowered: Lowered
  networks: { key: string; planned: PlannedNetwork }[]
  /** Whose namespaces or volumes it shares. */
  shared: Shared
  /** The step that knows whether it is told what it was made with. */
  provided?: StepId
}

/** What becomes of the container in a slot, and why. */
export type Decision =
  | { kind: 'create'; cause: string }
  | { kind: 'replace'; cause: string; changes: FieldChange[]; when?: When }
  | { kind: 'start'; cause: string }
  | { kind: 'unpause'; cause: string }
  | { kind: 'keep' }
