import type { Graph } from '../../graph/graph.ts'
import type { MapNode } from '../../yaml/tree.ts'
import type { Disk } from '../file/disk.ts'
import type { Clash } from '../loaded.ts'
import type { Journal } from '../merge/context.ts'
import { subjectOf } from './check-input.ts'
import { checkConsistency, checkNames } from './consistency.ts'
import { checkCounts } from './counts.ts'
import { checkCycles } from './cycles.ts'
import { checkPaths } from './paths.ts'
import { checkPorts } from './ports.ts'
import { checkReferences } from './references.ts'
import { checkRequired } from './required.ts'
import { checkServices } from './services.ts'

/**
 * Everything about a stack that one value alone does not show. Problems go to the journal; clashes with the world
 * outside the files are returned. Where a file could not be read, names are not checked: they may be in that file.
 */
export function check(
  tree: MapNode,
  active: ReadonlySet<string>,
  graph: Graph<string>,
  disk: Disk,
  journal: Journal,
): Clash[] {
  const subject = subjectOf(tree, active, journal)
  if (!journal.incomplete)
    journal.diagnostics.push(
      ...checkRequired(subject),
      ...checkReferences(subject),
      ...checkServices(subject),
      ...checkConsistency(subject),
    )
  journal.diagnostics.push(...checkCycles(graph, tree))
  return [
    ...checkCounts(subject),
    ...checkPorts(subject),
    ...checkPaths(subject, disk),
    ...(journal.incomplete ? [] : checkNames(subject)),
  ]
}
