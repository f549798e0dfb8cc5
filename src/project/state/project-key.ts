import { createHash } from 'node:crypto'
import type { Project } from '../project.ts'

/** Names the files in the state directory for one project on one target: 16 hexadecimal digits. */
export async function projectKey(project: Project): Promise<string> {
  const [name, kind] = await Promise.all([project.name(), project.backendKind()])
  const target = (await project.runtime.targetKey?.(kind)) ?? ''
  return createHash('sha256').update(`${target}\0${name}`).digest('hex').slice(0, 16)
}
