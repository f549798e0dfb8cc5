import type { ImageIntent } from '../../backend/image-intent.ts'
import type { Context } from '../../cli/context.ts'
import { warning } from '../../diagnostics/diagnostic.ts'
import { wantedFor } from '../../project/wanted.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'

/** Executes an intent that only changes images, concurrently with other commands. Resolves to the exit code. */
export async function runImages(context: Context, intent: ImageIntent, quiet: boolean): Promise<number> {
  if (quiet) context.quieten()
  const load = () => wantedFor(context.project, intent)
  return (await runOrPreview(context, { command: intent.kind, load, lockFree: true })).code
}

/** Notes, for each given flag, that it is accepted but has no effect. */
export async function noteObsolete({ project }: Context, flags: Readonly<Record<string, boolean>>): Promise<void> {
  const given = Object.entries(flags).filter(([, isGiven]) => isGiven)
  await project.warn(given.map(([name]) => warning('obsolete', `--${name} has no effect`)))
}
