import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../load/loaded.ts'

/** Of single services with this machine, a missing env file for instance: as warnings, for what is there can be worked with. */
export function firmClashes({ clashes }: Loaded): Diagnostic[] {
  return clashes.flatMap(({ firm, problem }) => (firm ? [{ ...problem, severity: 'warning' as const }] : []))
}
