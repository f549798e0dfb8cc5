import type { ImageIntent } from '../../backend/image-intent.ts'
import type { Context } from '../../cli/context.ts'
import { wantedFor } from '../../project/wanted.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'

/** Carries out what changes images alone, beside other commands. Resolves to the exit code. */
export async function runImages(context: Context, intent: ImageIntent, quiet: boolean): Promise<number> {
  if (quiet) context.quieten()
  const load = () => wantedFor(context.project, intent)
  return (await runOrPreview(context, { command: intent.kind, load, lockFree: true })).code
}
