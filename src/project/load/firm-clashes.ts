import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../load/loaded.ts'

/** Conflicts of single services with this machine, e.g. a missing env file, as warnings: existing containers remain usable. */
export function firmClashes({ clashes }: Loaded): Diagnostic[] {
  return clashes.flatMap(({ firm, problem }) => (firm ? [{ ...problem, severity: 'warning' as const }] : []))
}
