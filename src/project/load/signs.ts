import { resolve } from 'node:path'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { hasSigns, type Surroundings } from '../../load/discover/signs.ts'
import { type Disk, readQuietly } from '../../load/file/disk.ts'
import type { Runtime, StackSource } from '../runtime.ts'
import type { FetchedFiles } from './fetched-files.ts'
import { firmClashes } from './firm-clashes.ts'
import type { StackFiles } from './stack-files.ts'

/** The parts of a project that this needs. */
interface Asked {
  source: StackSource
  runtime: Pick<Runtime, 'env'>
  disk: Disk
  files(): Promise<StackFiles>
  fetched: FetchedFiles
  variable(name: string): string | undefined
  warn(problems: readonly Diagnostic[]): Promise<void>
  goByLabels(problems: readonly Diagnostic[]): Promise<void>
}

/**
 * Reports the problems of the stack's files to commands that do not need the files: loads them only if their lines indicate
 * problems. Reads no file if `-p` or COMPOSE_PROJECT_NAME names the project.
 */
export async function reportBySigns(project: Asked): Promise<void> {
  if (project.source.projectName || project.runtime.env.COMPOSE_PROJECT_NAME) return
  const files = await project.files()
  if (!textsOf(files, project.disk).some((text) => hasSigns(text, surroundingsOf(project, files)))) return
  const { load } = await import('../../load/load.ts')
  const { fetched, disk } = project
  const result = await fetched.whole(() => load({ ...files.input, options: { strict: 'files' } }, disk))
  if (result.ok) await project.warn(firmClashes(result.value))
  else await project.goByLabels(result.diagnostics)
}

function textsOf({ input, stdin }: StackFiles, disk: Disk): string[] {
  return input.files.flatMap((file) => {
    if (file === '-') return stdin ?? []
    const bytes = readQuietly(disk, file)
    return bytes ? new TextDecoder().decode(bytes) : []
  })
}

function surroundingsOf(project: Asked, { directory }: StackFiles): Surroundings {
  return {
    isSet: (name) => Boolean(project.variable(name)),
    exists: (path) => project.disk.kind(resolve(directory, path)) !== 'missing',
  }
}
