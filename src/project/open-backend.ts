import type { Backend } from '../backend/backend.ts'
import type { ContainerListener } from '../backend/options.ts'
import type { BackendKind } from '../backend/target.ts'
import { isOpenToAll, realDirectory } from '../load/file/disk.ts'
import type { Runtime } from './runtime.ts'
import { type Asking, withSlowNotices } from './slow-reads.ts'
import { fileJournal } from './state/journal.ts'
import type { OnFailure } from './state/state-folder.ts'

/** The parts of a project that its backend needs. */
interface Opening extends Asking {
  runtime: Runtime
  containers: ContainerListener | undefined
  name(): Promise<string>
  backendKind(): Promise<BackendKind>
  contentOf(key: string): Uint8Array | undefined
  stateFailed: OnFailure
}

/** Opens a project's backend with the project's journal and contents. Reports slow calls. */
export async function openBackendOf(project: Opening): Promise<Backend<unknown, unknown>> {
  const [name, kind] = await Promise.all([project.name(), project.backendKind()])
  const { runtime } = project
  const backend = await runtime.openBackend(
    {
      project: name,
      journal: fileJournal(runtime.stateFolder, name, () => runtime.wallTime(), project.stateFailed),
      containers: {
        created: (container, id) => project.containers?.created(container, id),
        attached: (session) => project.containers?.attached(session),
      },
      contentOf: (key) => project.contentOf(key),
      isOpenToAll,
      realDirectory,
      wallTime: runtime.wallTime,
    },
    kind,
  )
  return withSlowNotices(backend, project)
}
