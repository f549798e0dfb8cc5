import type { ExecSpec } from '../../docker/port.ts'
import type { ContainerSpec, EndpointSpec, NetworkSpec, VolumeSpec } from '../../docker/spec.ts'
import type { ActionOf, Ref, StepId } from '../../plan/step.ts'
import type { Condition, Service } from '../../stack/model.ts'
import type { ImageActions } from '../docker/action.ts'
import type { FamilyName } from './database/family.ts'
import type { Initials } from './database/initial.ts'

/** A known id, or a reference to the output of an earlier step. */
export type Id = string | Ref

/**
 * All actions on an engine, each with its payload. The union of actions and the table of performers derive from this interface. Each
 * action is one write, one wait or one check. It is a table, and stays in one file.
 */
export interface EngineActions extends ImageActions {
  /** Output: `networkId`. */
  'create-network': { spec: NetworkSpec }
  'remove-network': { id: string; name: string }
  /** `initials`: settings that only count while the volume is empty; recorded in its labels. */
  'create-volume': { spec: VolumeSpec; initials?: Initials }
  /** `filled`: a container may mark it as half filled; then that goes too. */
  'remove-volume': { name: string; filled?: true }
  /** Output: `containerId`. The image's id becomes a label. */
  'create-container': {
    service: string
    name: string
    spec: ContainerSpec
    image?: Id
    platform?: string
    networks: JoinedNetwork[]
    /** The step with additional variables in its output `env`; its `digest` becomes a label. */
    provided?: StepId
    /** Containers whose namespaces or volumes it shares: their ids become a label. */
    shares?: Id[]
    /** The content id that its image must have. */
    content?: string
    /** Anonymous volumes of the container that it replaces. */
    carry?: CarriedVolume[]
  }
  /** `returning`: the name of the network, if an earlier step disconnected the container from it. */
  'connect-network': { network: Id; container: Id; endpoint: EndpointSpec; returning?: string }
  /** `leaving`: the network's name, and the endpoint for connecting the container again. */
  'disconnect-network': { network: Id; container: Id; leaving?: { network: string; endpoint: EndpointSpec } }
  /** Files that cannot be mounted, such as secrets and configs with inline content. */
  'put-files': { container: Id; files: FileSource[] }
  /** Opens a session for the command's caller. `removed`: the engine removes the container at its exit. */
  'attach-container': { container: Id; stdin: boolean; tty: boolean; removed: boolean; detachKeys?: string }
  /**
   * `hooks`: it has `post_start` hooks, which are now due. `back`: it is the old container of a failed replacement and
   * must run afterwards.
   */
  'start-container': { service: string; container: Id; waiting: string[]; hooks?: true; back?: true }
  /** A command in a running container; fails if the exit code is not 0. */
  'run-hook': HookRun
  /** An external program instead of a container. Output of `up`: `env`, variables for dependents. */
  'run-provider': {
    service: string
    project: string
    type: string
    command: 'up' | 'down' | 'stop'
    options: Record<string, string[]>
    /** The declaration, which the program may ask for. */
    config: Service
    waiting: string[]
  }
  /** A model of Docker's plugin. Output: `env`, with `model` and `endpoint`. */
  'prepare-model': { service: string; model: string; contextSize?: number; flags: string[] }
  /** Output: `env`, `digest`, and `same`: whether the container was created with the same variables and image. */
  'gather-environment': {
    service: string
    salt: string
    supplies: Supply[]
    /** Variables that the service sets itself. */
    declared: string[]
    /** The digest in the container's label. */
    recorded?: string
    image?: Id
    imageId?: string
  }
  /** A separate container that runs to completion and is removed. */
  'run-before-start': BeforeStart
  'stop-container': { container: Id; grace?: number }
  /** `signal` by name, e.g. `SIGHUP`, or number. */
  'kill-container': { container: Id; signal: string }
  'pause-container': { container: Id }
  'unpause-container': { container: Id }
  'remove-container': { container: Id; volumes: boolean; force: boolean }
  'rename-container': { container: Id; name: string }
  'set-restart-policy': { container: string; policy: { name: string; maximumRetryCount?: number } }
  /** Waits until the engine has finished a removal that is under way. */
  'wait-gone': { container: string }
  /** The delay between two batches of an update. */
  pause: { ms: number }
  /** Fails if the container exits within this time. */
  monitor: { service: string; container: Id; ms: number }
  /** Fails if more replicas failed than tolerated; a replica failed if one of its steps did. */
  'judge-update': { service: string; replicas: StepId[][]; tolerated: number }
  /**
   * Before the start: checks that the server in a container can read the existing data in these volumes (by name) and
   * directories. Output: `data`, the version of the data, if known.
   */
  'check-database': { service: string; container: Id; family: FamilyName; kept: string[] }
  /** Warns if an abandoned container used another image than this one on existing data that is still in use. */
  'report-data': { service: string; container: Id; image: string; places: string[] }
  /**
   * `steadyMs`: how long a container without a health check must run to be ready. Output: `restarts`, the engine's
   * restart count.
   */
  'wait-ready': {
    service: string
    container: Id
    condition: ReadyCondition
    waiting: string[]
    timeoutMs?: number
    steadyMs?: number
  }
  /** Fails for containers that crashed after their wait. */
  'check-running': { containers: Awaited[] }
}

/** `wait`: the step that waited for the container. */
export interface Awaited {
  service: string
  container: Id
  wait?: StepId
}

/** An earlier step with variables in its output `env`; `names` renames them. */
export interface Supply {
  step: StepId
  names?: Record<string, string>
}

/** By name, because the engine looks it up at every connection, and the id changes when the network is recreated. */
export interface JoinedNetwork {
  name: string
  endpoint: EndpointSpec
}

export interface HookRun {
  service: string
  container: Id
  /** The kind of hook, and its command as text. */
  moment: 'post_start' | 'pre_stop'
  command: string
  exec: ExecSpec
  waiting: string[]
  /** Position among the hooks of its kind, from 0, and their number. */
  index: number
  of: number
  /** For one-off containers, which may exit before the hook runs. */
  mayEnd?: true
}

export interface BeforeStart {
  service: string
  /** Position among the service's hooks, from 0. */
  index: number
  command: string
  name: string
  spec: ContainerSpec
  platform?: string
  /** The container whose volumes it uses. */
  volumesOf: Id
  networks: JoinedNetwork[]
  files: FileSource[]
  waiting: string[]
}

/** `running_or_healthy`: healthy if there is a health check, else running; exit code 0 counts as ready. */
export type ReadyCondition = Exclude<Condition, 'service_started'> | 'running_or_healthy'

/** An anonymous volume that the new container takes over at the same target, if the container or its image declares one there. */
export interface CarriedVolume {
  volume: string
  target: string
}

/** The key of the user's registry credentials, which are read when the file is written. */
export const CREDENTIALS = 'registry/credentials'

export interface FileSource {
  /** Key of a content that the loader holds: `secret/NAME`, `config/NAME`. Plans never hold the content itself. */
  content: string
  /** Absolute path in the container. */
  target: string
  /** The container's user by default. */
  uid?: number
  gid?: number
  mode: number
}

export type EngineAction = ActionOf<EngineActions>
