import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Graph } from '../../graph/graph.ts'
import type { MapNode } from '../../yaml/tree.ts'
import type { Clash } from '../findings.ts'
import type { LoadState } from '../merge/context.ts'
import { checkAddresses } from './addresses.ts'
import { checkInputOf } from './check-input.ts'
import { checkConsistency, checkNames } from './consistency.ts'
import { checkCounts } from './counts.ts'
import { checkCycles } from './cycles.ts'
import { checkPaths } from './paths.ts'
import { checkPorts } from './ports.ts'
import { checkReferences } from './references.ts'
import { checkRequired, checkServices } from './services.ts'

interface Checks {
  diagnostics: Diagnostic[]
  /** Conflicts with the environment, and problems of single services. */
  clashes: Clash[]
}

/** Finds problems that involve several values. If a file could not be read, names are not checked, since they may be in that file. */
export function check(
  tree: MapNode,
  active: ReadonlySet<string>,
  graph: Graph<string>,
  { files, findings }: LoadState,
): Checks {
  const input = checkInputOf(tree, active, { files, findings })
  const { incomplete } = findings
  const named = incomplete ? [] : [checkRequired, checkReferences, checkServices, checkConsistency]
  return {
    diagnostics: [...named.flatMap((each) => each(input)), ...checkCycles(graph, tree)],
    clashes: [
      ...checkCounts(input),
      ...checkPorts(input),
      ...checkAddresses(input),
      ...checkPaths(input, files.disk),
      ...(incomplete ? [] : checkNames(input)),
    ],
  }
}
