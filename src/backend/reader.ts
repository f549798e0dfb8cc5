import type { Stack } from '../stack/model.ts'
import type { ContainerReader } from './read/containers.ts'
import type { EventReader } from './read/events.ts'
import type { ExecReader } from './read/exec.ts'
import type { FileStore } from './read/files.ts'
import type { ImageReader } from './read/images.ts'
import type { LogReader } from './read/logs.ts'
import type { LookReader } from './read/look.ts'
import type { VersionReader } from './read/version.ts'

/**
 * Everything that commands read, and what they talk to. Backend-neutral, plain data but for sessions. What follows logs or lists containers
 * asks for the one part that it needs. Methods that are optional are capabilities that only some backends have.
 */
export interface Reader
  extends ContainerReader,
    EventReader,
    ExecReader,
    FileStore,
    ImageReader,
    LogReader,
    LookReader,
    VersionReader {
  /** The ids of containers that run in the namespaces of another container's earlier run. Absent where there can be none. */
  staleNamespaces?(stack: Stack, signal: AbortSignal): Promise<string[]>
}
