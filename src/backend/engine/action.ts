import type { ExecSpec } from '../../docker/port.ts'
import type { ContainerSpec, EndpointSpec, NetworkSpec, VolumeSpec } from '../../docker/spec.ts'
import type { ActionOf, Ref, StepId } from '../../plan/step.ts'
import type { Condition, Service } from '../../stack/model.ts'
import type { ImageActions } from '../docker/action.ts'
import type { FamilyName } from './database/family.ts'
import type { Initials } from './database/initial.ts'

/** An id that is known, or that an earlier step will find out. */
export type Id = string | Ref

/**
 * Everything that is ever done to an engine: for each action its payload. The union of actions and the table of performers
 * are derived from this interface. Each is one write, one wait or one check.
 */
export interface EngineActions extends ImageActions {
  /** Output: `networkId`. */
  'create-network': { spec: NetworkSpec }
  'remove-network': { id: string; name: string }
  /** `initials`: what only counts while it is empty is recorded among its labels. */
  'create-volume': { spec: VolumeSpec; initials?: Initials }
  'remove-volume': { name: string }
  /** Output: `containerId`. The image's id becomes a label. */
  'create-container': {
    service: string
    name: string
    spec: ContainerSpec
    image?: Id
    platform?: string
    networks: JoinedNetwork[]
    /** The step whose output `env` it gets too; its `digest` becomes a label. */
    provided?: StepId
    /** Containers whose namespaces or volumes it shares: their ids become a label. */
    shares?: Id[]
    /** Anonymous volumes of the container that it replaces. */
    carry?: CarriedVolume[]
  }
  /** `returning`: the name of a network that it was taken out of. */
  'connect-network': { network: Id; container: Id; endpoint: EndpointSpec; returning?: string }
  /** `leaving`: the network's name, and how the container is to be in it again. */
  'disconnect-network': { network: Id; container: Id; leaving?: { network: string; endpoint: EndpointSpec } }
  /** Files that cannot be mounted: secrets and configs without a file of their own. */
  'put-files': { container: Id; files: FileSource[] }
  /** Somebody is going to talk to it: who that is gets the session. `removed`: the engine removes it at its end. */
  'attach-container': { container: Id; stdin: boolean; tty: boolean; removed: boolean }
  /**
   * `hooks`: it has `post_start` hooks, which are due from now on. `back`: it is the old container of a replacement that failed, and must run
   * afterwards.
   */
  'start-container': { service: string; container: Id; waiting: string[]; hooks?: true; back?: true }
  /** A command in a running container; fails if it ends with anything but 0. */
  'run-hook': HookRun
  /** An external program in a container's stead. Output of `up`: `env`, variables for those that depend on it. */
  'run-provider': {
    service: string
    project: string
    type: string
    command: 'up' | 'down' | 'stop'
    options: Record<string, string[]>
    /** What the program may ask for. */
    config: Service
    waiting: string[]
  }
  /** A model by Docker's plugin. Output: `env`, with `model` and `endpoint`. */
  'prepare-model': { service: string; model: string; contextSize?: number; flags: string[] }
  /** Output: `env`, `digest`, and `same`: whether the container was made with just that, and its image is still the one. */
  'gather-environment': {
    service: string
    salt: string
    supplies: Supply[]
    /** Variables that the service sets itself. */
    declared: string[]
    /** The digest among the labels of the container. */
    recorded?: string
    image?: Id
    imageId?: string
  }
  /** A container of its own that runs to its end and is removed. */
  'run-before-start': BeforeStart
  'stop-container': { container: Id; grace?: number }
  /** `signal` by name, e.g. `SIGHUP`, or number. */
  'kill-container': { container: Id; signal: string }
  'pause-container': { container: Id }
  'unpause-container': { container: Id }
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
  /**
   * Before its start, whether the server in a container can read the data in these volumes (by name) and directories, which were there
   * before it. Output: `data`, whose they are, where that is known.
   */
  'check-database': { service: string; container: Id; family: FamilyName; kept: string[] }
  /** Whether a container that is given up has run, with another image than this, on data that is kept: that is told. */
  'tell-of-data': { service: string; container: Id; image: string; places: string[] }
  /**
   * `steadyMs`: for that long a container without a health test has to run before it is ready. Output: `restarts`, how often the engine
   * had started it again by then.
   */
  'wait-ready': {
    service: string
    container: Id
    condition: ReadyCondition
    waiting: string[]
    timeoutMs?: number
    steadyMs?: number
  }
  /** Whether what was waited for, and what ran before, still does: fails for what has crashed. */
  'check-running': { containers: Awaited[] }
}

/** `wait`: the step that waited for it. */
export interface Awaited {
  service: string
  container: Id
  wait?: StepId
}

/** An earlier step whose output `env` is told; `names` are what the variables are called there, all as they are by default. */
export interface Supply {
  step: StepId
  names?: Record<string, string>
}

/** By name: the engine looks it up whenever the container connects to something, and an id is gone once the network is recreated. */
export interface JoinedNetwork {
  name: string
  endpoint: EndpointSpec
}

export interface HookRun {
  service: string
  container: Id
  /** Which hook it is, e.g. `post_start`, and its command as one would type it. */
  moment: 'post_start' | 'pre_stop'
  command: string
  exec: ExecSpec
  waiting: string[]
  /** The place among its kind, from 0, and how many there are. */
  index: number
  of: number
  /** A one-off container's: it may have ended before, and is no worse for that. */
  mayEnd?: true
}

export interface BeforeStart {
  service: string
  /** Its place among the service's hooks. */
  index: number
  command: string
  name: string
  spec: ContainerSpec
  platform?: string
  /** The container whose volumes it sees. */
  volumesOf: Id
  networks: JoinedNetwork[]
  files: FileSource[]
  waiting: string[]
}

/** `running_or_healthy`: healthy if there is a health test, else running; a container that ends with 0 has done its work. */
export type ReadyCondition = Exclude<Condition, 'service_started'> | 'running_or_healthy'

/** Taken over where the new container declares a volume at that place without a name, or its image does. */
export interface CarriedVolume {
  volume: string
  target: string
}

/** The content of a file with the user's credentials for registries: they are asked for when it is written. */
export const CREDENTIALS = 'registry/credentials'

export interface FileSource {
  /** Key into the contents that the loader holds: `secret/NAME`, `config/NAME`. Plans never hold the content itself. */
  content: string
  /** Absolute path in the container. */
  target: string
  /** By default those of the container's user. */
  uid?: number
  gid?: number
  mode: number
}

export type EngineAction = ActionOf<EngineActions>
