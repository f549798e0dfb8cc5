import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import type { Graph } from '../../graph/graph.ts'
import { get, type MapNode } from '../../yaml/tree.ts'

/** One error for each dependency cycle, with the span of every step in it. */
export function checkCycles(graph: Graph<string>, tree: MapNode): Diagnostic[] {
  return graph.cycles().map((cycle) => {
    const steps = cycle.map((from, index) => ({ from, to: cycle[(index + 1) % cycle.length] ?? from }))
    const places = steps.flatMap(({ from, to }) => {
      const at = edgeAt(tree, from, to)
      return at ? [{ message: `${from} depends on ${to}`, at }] : []
    })
    const [first, ...related] = places
    const message = `services depend on each other in a circle: ${[...cycle, cycle[0]].join(' -> ')}`
    return error('dependency-cycle', message, {
      ...(first && { at: first.at }),
      related,
      hint: 'remove one of these dependencies',
    })
  })
}

function edgeAt(tree: MapNode, from: string, to: string): Span | undefined {
  const list = get(get(get(tree, 'services'), from), 'depends_on')
  return list?.kind === 'map' ? list.entries.get(to)?.keyAt : undefined
}
