import type { Intent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import type { Flag } from '../../cli/flag.ts'
import { wantedFor } from '../../project/wanted.ts'
import { reportFallen } from './fallen.ts'
import { runOrPreview } from './run-or-preview.ts'

/** Executes a verb on existing containers; without a stack file, `-p NAME` is enough. Resolves to the exit code. */
export async function runVerb(context: Context, intent: Intent & { services: string[] }): Promise<number> {
  const load = () => wantedFor(context.project, intent)
  const done = await runOrPreview(context, { command: intent.kind, load })
  await reportFallen(context, done)
  return done.code
}

export const TIMEOUT = {
  type: 'duration',
  short: 't',
  value: 'SECONDS',
  description: 'Grace period before a container is killed (default: its stop_grace_period)',
} as const satisfies Flag

/** A verb's positional arguments, as help shows them. */
export function services(what: string) {
  return [{ name: 'SERVICE', variadic: true, description: `${what}; by default all` }] as const
}
