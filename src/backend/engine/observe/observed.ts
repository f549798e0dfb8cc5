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

/** What the calls of one observation share. */
export interface Observing {
  engine: Engine
  stack: Stack
  signal: AbortSignal
}

/** One snapshot of an engine, as far as a project is concerned: plain data, everything that planning may look at. */
export interface Observed {
  /** Only asked for where something has to be created. */
  engine?: Pick<EngineVersion, 'apiVersion'>
  /** Absent: an engine on this machine. */
  engineHost?: EngineHost
  /** Images whose pull policy says that they are due: pulled too long ago, or at a time that nobody knows. */
  due?: string[]
  /** All of the project's, running or not. */
  containers: ContainerSummary[]
  /** Of those that are not simply running as declared, by id. */
  details: Record<string, ContainerDetail>
  /** The ids of those that carry the fingerprint of what is declared. Where it is absent, nobody has looked. */
  asDeclared?: ReadonlySet<string>
  /** The ids of those that run in namespaces that ended with an earlier run of their container. */
  staleNamespaces?: string[]
  /** Every network and volume of the engine: names may be taken by others, or be declared as external. */
  networks: NetworkDetail[]
  volumes: VolumeDetail[]
  /** The ids of the containers in each network that differs from its declaration, by network id; lists do not contain them. */
  guests: Record<string, string[]>
  images: ImageSummary[]
  /** Containers that hold, or may hold, a name that the stack needs: the project's, and others that have the name of one still to be made. */
  holders: { id: string; name: string; labels: Record<string, string> }[]
  /** Images of services that have something to be created or compared, by reference or id. */
  imageDetails: Record<string, ImageDetail>
  /** For each container that was started and not yet seen through, by id, the first of its `post_start` hooks that is still to run. */
  hooksDue?: Record<string, number>
  /** Containers that a command took out of a network and has not put back. */
  apart?: Apart[]
  /** The directory that the project was brought up from, where that is another one than the stack's, and is still there. */
  elsewhere?: string
  /** The source that was changed since a service's image was built, by the service's name. */
  stale?: Record<string, string>
}
