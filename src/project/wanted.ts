import type { DownIntent, Intent } from '../backend/intent.ts'
import { checkedStack, stackForImages, stackForRun } from './load/checked-stack.ts'
import { declaredOf } from './load/declared-or-labels.ts'
import type { Project } from './project.ts'
import type { Wanted } from './request.ts'

/**
 * An intent with its stack. An intent that creates containers needs the declared and checked stack; any other also works from labels
 * if no file can be used. Throws StackError.
 */
export async function wantedFor(project: Project, intent: Intent): Promise<Wanted> {
  switch (intent.kind) {
    case 'up':
      return { declared: await checkedStack(project, intent), intent }
    case 'pull':
    case 'push':
    case 'build':
      return { declared: await stackForImages(project, intent), intent }
    case 'run':
      return { declared: await stackForRun(project, intent), intent }
    case 'down':
      return wantedDown(project, intent)
    default:
      return { declared: (await declaredOf(project, intent.services)).declared, intent }
  }
}

/** If no file can be used, `down` removes everything that has the project's label. */
async function wantedDown(project: Project, intent: DownIntent): Promise<Wanted> {
  const { declared, known } = await declaredOf(project, intent.services, !intent.volumes)
  if (known) return { declared, intent }
  const { ignoreOrphans: _, ...rest } = intent
  return { declared, intent: { ...rest, removeOrphans: true } }
}
