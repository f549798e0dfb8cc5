import type { Intent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import type { Flag } from '../../cli/flag.ts'
import { declaredOf } from './declared.ts'
import { tellFallen } from './fallen.ts'
import { carry } from './run-intent.ts'

/** Carries out a verb about containers that are there; without a stack file, `-p NAME` is enough. Resolves to the exit code. */
export async function carryVerb(context: Context, intent: Intent & { services: string[] }): Promise<number> {
  const want = async () => ({ declared: (await declaredOf(context, intent.services)).declared, intent })
  const carried = await carry(context, intent.kind, want)
  await tellFallen(context, carried)
  return carried.code
}

export const TIMEOUT = {
  type: 'duration',
  short: 't',
  value: 'SECONDS',
  description: 'Grace period of containers that are stopped',
} as const satisfies Flag

/** What help says of the names after such a verb. */
export function services(what: string) {
  return [{ name: 'SERVICE', variadic: true, description: `${what}; by default all` }] as const
}
