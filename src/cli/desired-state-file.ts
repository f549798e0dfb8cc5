import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type DesiredStateStore, desiredStateFile } from '../project/desired-state-file.ts'
import type { Context } from './context.ts'

/** The folder in the user's state directory for one project on one engine; absolute, and not there until something is written. */
export async function guardFolder(context: Context): Promise<string> {
  const [project, engine] = await Promise.all([context.projectName(), context.host.engineKey?.() ?? ''])
  const name = createHash('sha256').update(`${engine}\0${project}`).digest('hex').slice(0, 16)
  return join(context.host.stateFolder, 'guard', name)
}

export async function desiredStateOf(context: Context): Promise<DesiredStateStore> {
  const file = join(await guardFolder(context), 'intent.json')
  return desiredStateFile(file, (problem) => void context.warn([problem]))
}
