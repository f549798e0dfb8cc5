import type { Span } from '../../diagnostics/span.ts'
import type { Entry, MapNode, Tree } from '../../yaml/tree.ts'

/**
 * Finds the span of a dotted model path: `services.web.image`, `services.web.ports[0]`. A mapping or list has the span of its key; a
 * path that was not written has that of its nearest parent.
 */
export function spanFinder(tree: MapNode): (path: string) => Span | undefined {
  return (path) => find(tree, undefined, path.split('.').flatMap(splitIndex), undefined)
}

/** Splits `ports[0]` into `ports` and `0`. */
function splitIndex(step: string): string[] {
  return step.replace(/\[(\d+)\]/g, '\0$1').split('\0')
}

function find(
  node: Tree,
  own: Span | undefined,
  steps: readonly string[],
  nearest: Span | undefined,
): Span | undefined {
  const here = own ?? nearest
  if (steps.length === 0) return here
  if (node.kind === 'seq') {
    const item = node.items[Number(steps[0])]
    return item ? find(item, item.at, steps.slice(1), here) : here
  }
  const child = node.kind === 'map' ? childOf(node, steps) : undefined
  if (!child) return here
  const { value, keyAt } = child.entry
  return find(value, value.kind === 'scalar' ? value.at : keyAt, steps.slice(child.taken), here)
}

/** Keys may contain dots, so the longest run of steps that forms a key is taken. */
function childOf(node: MapNode, steps: readonly string[]): { entry: Entry; taken: number } | undefined {
  for (let taken = steps.length; taken > 0; taken--) {
    const entry = node.entries.get(steps.slice(0, taken).join('.'))
    if (entry) return { entry, taken }
  }
  return undefined
}

/** Whether one span starts within another one. */
export function contains(outer: Span, { file, line, col }: Span): boolean {
  const starts = outer.line < line || (outer.line === line && outer.col <= col)
  return file === outer.file && starts && (line < outer.endLine || (line === outer.endLine && col <= outer.endCol))
}
