import type { BuildCalls } from './port/build.ts'
import type { ContainerCalls } from './port/container.ts'
import type { AttachCalls, ExecCalls } from './port/exec.ts'
import type { ArchiveCalls, FileCalls } from './port/file.ts'
import type { CommitCalls, ImageCalls, TransferCalls } from './port/image.ts'
import type { LookCalls } from './port/look.ts'
import type { NetworkCalls, VolumeCalls } from './port/resource.ts'
import type { StreamCalls } from './port/stream.ts'
import type { ImageArchiveCalls, UsageCalls } from './port/transfer.ts'

export type * from './port/build.ts'
export type * from './port/container.ts'
export { EngineError, failedInside } from './port/error.ts'
export type * from './port/exec.ts'
export type * from './port/file.ts'
export type * from './port/filter.ts'
export type * from './port/image.ts'
export type * from './port/look.ts'
export type * from './port/resource.ts'
export type * from './port/stream.ts'
export type * from './port/transfer.ts'

/**
 * The narrow port to a Docker engine: everything flotilla asks of one, in own types. Every method is one API call
 * (https://docs.docker.com/reference/api/engine/), named in its comment. A failed call throws an EngineError; what is not there
 * is `undefined` for inspects, and an EngineError with status 404 for writes. Once a signal aborts, calls and iterations that were given
 * it reject with its reason. test/docker/contract holds every implementation to the details.
 */
export interface Engine
  extends SystemCalls,
    ContainerCalls,
    NetworkCalls,
    VolumeCalls,
    ImageCalls,
    TransferCalls,
    CommitCalls,
    ImageArchiveCalls,
    BuildCalls,
    StreamCalls,
    LookCalls,
    UsageCalls,
    ExecCalls,
    AttachCalls,
    FileCalls,
    ArchiveCalls {
  /** Where it runs; absent: on this machine. */
  readonly location?: EngineLocation
  /** The user's credentials for registries, by server address. No call: the user's Docker configuration is read. */
  registryCredentials(): Promise<Record<string, RegistryCredentials>>
  /**
   * The variables for proxies that the user's Docker configuration gives new containers and builds, by name. No call; absent: none.
   */
  proxyVariables?(): Record<string, string>
}

export interface SystemCalls {
  /** GET /version */
  version(signal?: AbortSignal): Promise<EngineVersion>
  /** As `version` reports it, e.g. `1.41`, from a header of GET /_ping: for the other facts an engine first asks its helpers. */
  apiVersion(signal?: AbortSignal): Promise<string>
}

export interface EngineLocation {
  /** Whether it sees another file system than flotilla: paths of bind mounts would mean other directories. */
  remote: boolean
  /** The path of its socket on its own machine, where one is known. */
  socket?: string
  /** Directories that both machines have in common, e.g. on a network file system. */
  shared: string[]
}

/** As `auths` of Docker's configuration file holds them. */
interface RegistryCredentials {
  username?: string
  password?: string
  identitytoken?: string
  serveraddress: string
}

export interface EngineVersion {
  version: string
  /** E.g. `1.41`. */
  apiVersion: string
  os: string
  arch: string
}
