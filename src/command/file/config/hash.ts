import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../../diagnostics/suggest.ts'
import type { Loaded } from '../../../load/loaded.ts'

/** `NAME HASH` for the services in a list such as `web,db`, or for all; sorted by name. */
export async function hashLines({ stack, graph }: Loaded, list: string): Promise<string[]> {
  const names = list === '*' ? Object.keys(stack.services) : namesIn(list)
  const unknown = names.filter((name) => !Object.hasOwn(stack.services, name))
  if (unknown.length > 0) throw new StackError(unknown.map((name) => noSuchService(name, graph.keys)))
  const { configHash } = await import('../../../backend/docker/config-hash.ts')
  return [...names].sort().map((name) => `${name} ${configHash(stack, name)}`)
}

/** The names in the value of `--hash`; none for `*`. */
export function namesIn(list: string): string[] {
  return list === '*' ? [] : list.split(',').map((name) => name.trim())
}

export function noSuchService(name: string, known: readonly string[]) {
  const hint = didYouMean(name, known) ?? `the stack declares ${known.join(', ')}`
  return error('unknown-service', `unknown service "${name}"`, { hint })
}
