import type { BuildSpec } from '../../docker/port.ts'
import type { ContainerSpec, EndpointSpec, NetworkSpec, VolumeSpec } from '../../docker/spec.ts'
import type { ActionOf, Ref, StepId } from '../../plan/step.ts'
import type { Condition } from '../../stack/model.ts'

/** An id that is known, or that an earlier step will find out. */
export type Id = string | Ref

/**
 * Everything that is ever done to an engine: for each action its payload. The union of actions and the table of performers
 * are derived from this interface. Each is one write, one wait or one check.
 */
export interface EngineActions {
  /** Output: `networkId`. */
  'create-network': { spec: NetworkSpec }
  'remove-network': { id: string; name: string }
  'create-volume': { spec: VolumeSpec }
  'remove-volume': { name: string }
  /** Output: `imageId`. */
  'pull-image': { reference: string; service: string; platform?: string }
  /** Output: `imageId`. */
  'build-image': { service: string; build: BuildSpec }
  /** Output: `containerId`. The image's id becomes a label; `primary` is the network it is created in, by key of EndpointsConfig. */
  'create-container': {
    service: string
    name: string
    spec: ContainerSpec
    image?: Id
    platform?: string
    networks: { id: Id; endpoint: EndpointSpec }[]
    /** Containers whose namespaces or volumes it shares: their ids become a label. */
    shares?: Id[]
    /** Anonymous volumes of the container that it replaces. */
    carry?: CarriedVolume[]
  }
  'connect-network': { network: Id; container: Id; endpoint: EndpointSpec }
  'disconnect-network': { network: Id; container: Id }
  /** Files that cannot be mounted: secrets and configs without a file of their own. */
  'put-files': { container: Id; files: FileSource[] }
  'start-container': { service: string; container: Id; waiting: string[] }
  'stop-container': { container: Id; grace?: number }
  'remove-container': { container: Id; volumes: boolean; force: boolean }
  'rename-container': { container: Id; name: string }
  'set-restart-policy': { container: string; policy: { name: string; maximumRetryCount?: number } }
  /** Until the engine has finished removing a container that someone asked it to remove. */
  'wait-gone': { container: string }
  /** The delay between two batches of an update. */
  pause: { ms: number }
  /** For that long the container must not end. */
  monitor: { service: string; container: Id; ms: number }
  /** Fails once more replicas failed than are tolerated; a replica has failed if one of its steps did. */
  'judge-update': { service: string; replicas: StepId[][]; tolerated: number }
  'wait-ready': { service: string; container: Id; condition: ReadyCondition; waiting: string[]; timeoutMs?: number }
}

/** `running_or_healthy`: healthy if there is a health test, else running; a container that ends with 0 has done its work. */
export type ReadyCondition = Exclude<Condition, 'service_started'> | 'running_or_healthy'

/** Taken over where the new container declares a volume at that place without a name, or its image does. */
export interface CarriedVolume {
  volume: string
  target: string
}

export interface FileSource {
  /** Key into the contents that the loader holds: `secret/NAME`, `config/NAME`. Plans never hold the content itself. */
  content: string
  /** Absolute path in the container. */
  target: string
  uid: number
  gid: number
  mode: number
}

export type EngineAction = ActionOf<EngineActions>
