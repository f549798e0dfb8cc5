import { type Diagnostic, error } from '../../../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../../../diagnostics/suggest.ts'

/** An error for each name that is not a known service. */
export function unknownServices(names: readonly string[], known: Iterable<string>): Diagnostic[] {
  const all = [...new Set(known)].sort()
  return [...new Set(names)]
    .filter((name) => !all.includes(name))
    .map((name) => error('unknown-service', `unknown service "${name}"`, { hint: hintFor(name, all) }))
}

function hintFor(name: string, known: string[]): string {
  if (known.length === 0) return 'this project has no services and no containers'
  return didYouMean(name, known) ?? `there are ${known.join(', ')}`
}
