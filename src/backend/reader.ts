import type { Stack } from '../stack/model.ts'
import type { ContainerReader } from './read/containers.ts'
import type { EventReader } from './read/events.ts'
import type { ExecReader } from './read/exec.ts'
import type { FileStore } from './read/files.ts'
import type { ImageReader } from './read/images.ts'
import type { LogReader } from './read/logs.ts'
import type { LookReader } from './read/look.ts'
import type { PackageReader } from './read/packages.ts'
import type { VersionReader } from './read/version.ts'
import type { Transfer } from './transfer.ts'

/**
 * Everything that commands read, and the sessions that they open. Backend-neutral; plain data except for sessions. Code that only
 * follows logs or lists containers takes only that part. Optional members are capabilities that only some backends have
 * (`capabilityOf`).
 */
export interface Reader extends ContainerReader, EventReader, ExecReader, LogReader, VersionReader {
  /** The file systems of containers. */
  files?: FileStore
  /** The images of this backend, and those of registries. */
  images?: ImageReader
  /** What containers consist of and consume. */
  look?: LookReader
  /** What is installed in images. */
  packages?: PackageReader
  /** Images, volumes and databases, to and from other machines. */
  transfer?: Transfer
  /** The ids of containers in namespaces of another container's earlier run. Absent if the backend cannot have any. */
  staleNamespaces?(stack: Stack, signal: AbortSignal): Promise<string[]>
}
