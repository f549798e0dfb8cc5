import type {
  ContainerDetail,
  ContainerSummary,
  Engine,
  EngineVersion,
  ImageDetail,
  ImageSummary,
  NetworkDetail,
  VolumeDetail,
} from '../../../docker/port.ts'
import type { Stack } from '../../../stack/model.ts'
import type { EngineHost } from '../../docker/host-paths.ts'
import type { Apart } from '../../journal.ts'
import type { LockedImage } from './locked-images.ts'

/** The inputs that all calls of one observation share. */
export interface Observing {
  engine: Engine
  stack: Stack
  signal: AbortSignal
}

/** A snapshot of the engine's state that concerns a project: plain data, the only input of planning besides the stack and the intent. */
export interface Observed {
  /** Set only if something must be created. */
  engine?: Pick<EngineVersion, 'apiVersion'>
  /** Absent: an engine on this machine. */
  engineHost?: EngineHost
  /** Images that their pull policy makes due: their last pull is too long ago or unknown. */
  due?: string[]
  /** All containers of the project, running or not. */
  containers: ContainerSummary[]
  /** Details, by id, of the containers that do not simply run as declared. */
  details: Record<string, ContainerDetail>
  /** The ids of containers whose fingerprint matches the declaration. Absent: not checked. */
  asDeclared?: ReadonlySet<string>
  /** The ids of containers in namespaces of another container's earlier run. */
  staleNamespaces?: string[]
  /** All networks and volumes of the engine: others may hold the names, and external ones are among them. */
  networks: NetworkDetail[]
  volumes: VolumeDetail[]
  /** By network id, the ids of the containers in each network that differs from its declaration; lists do not contain them. */
  guests: Record<string, string[]>
  images: ImageSummary[]
  /**
   * Containers that hold, or may hold, a name that the stack needs: the project's own, and others with the name of a container to
   * create.
   */
  holders: { id: string; name: string; labels: Record<string, string> }[]
  /** Images, by reference or id, of services with a container to create or compare. */
  imageDetails: Record<string, ImageDetail>
  /** By container id, the first outstanding `post_start` hook of each container that was started but whose hooks have not all run. */
  hooksDue?: Record<string, number>
  /** Containers that a command disconnected from a network and has not reconnected. */
  apart?: Apart[]
  /** The directory from which the project was brought up, if it differs from the stack's and still exists. */
  elsewhere?: string
  /** By reference, the images that the intent's lock file pins. */
  locked?: Record<string, LockedImage>
  /** Names of the project's volumes that `unpack` has not filled completely. */
  halfFilled?: string[]
  /** By service name, a source that changed since the service's image was built. */
  stale?: Record<string, string>
}
