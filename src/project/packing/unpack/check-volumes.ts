import { StackError } from '../../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../../diagnostics/diagnostic.ts'
import type { PackIndex } from '../../../pack/types.ts'
import type { Stack, Volume } from '../../../stack/model.ts'

/** Options of the `local` driver that put a volume on a folder, a disk or a share that exists already. */
const ELSEWHERE = ['device', 'o', 'type']

/**
 * Throws a StackError if data of the pack would go to a place that is not new: the object on the engine is, but not the folder or the
 * share behind it.
 */
export function checkVolumes(stack: Stack, index: PackIndex): void {
  const problems = filledKeys(stack, index).flatMap((key) => {
    const volume = stack.volumes[key]
    return volume ? problemOf(key, volume) : []
  })
  if (problems.length > 0) throw new StackError(problems)
}

/** The keys of the volumes into which unpacking writes: also all those of the database servers that it starts. */
function filledKeys({ services }: Stack, { volumes, dumps }: PackIndex): string[] {
  const mounted = dumps.flatMap(({ service }) =>
    (services[service]?.volumes ?? []).flatMap(({ type, source }) => (type === 'volume' && source ? [source] : [])),
  )
  return [...new Set([...volumes.map(({ name }) => name), ...dumps.flatMap(({ volume }) => volume ?? []), ...mounted])]
}

function problemOf(key: string, { driver = 'local', driver_opts: options = {} }: Volume): Diagnostic[] {
  const found = ELSEWHERE.filter((name) => Object.hasOwn(options, name))
  if (driver === 'local' && found.length === 0) return []
  const how = driver === 'local' ? `driver_opts: ${found.join(', ')}` : 'another driver than local'
  const hint = 'the data come out with tar xf; docs/packing.md describes where they are'
  return [
    error('unpack-failed', `volume "${key}" may hold data already (${how}), which unpack would overwrite`, { hint }),
  ]
}
