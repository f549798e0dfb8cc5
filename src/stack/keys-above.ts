/** The keys above a line of YAML, nearest first, according to indentation. */
export function keysAbove(lines: readonly string[], index: number): string[] {
  const keys: string[] = []
  let { column, dashed } = shapeOf(lines[index] ?? '')
  for (let at = index - 1; at >= 0 && (column > 0 || dashed); at--) {
    const line = lines[at] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const shape = shapeOf(line)
    // A list may be at the column of its key.
    const isAbove = shape.column < column || (dashed && !shape.dashed && shape.column === column)
    if (!isAbove) continue
    const isSibling = shape.dashed && !dashed && shape.content === column
    const key = isSibling ? undefined : KEY.exec(line)?.[1]
    if (key !== undefined) keys.push(key)
    column = shape.column
    dashed = shape.dashed
  }
  return keys
}

const ITEM = /^(\s*)-\s+(\S.*)$/
/** More words than any command line that names a secret's program. */
const MOST_ITEMS = 100

/** What stands behind the dashes of a list's lines before one of them, in their order. */
export function itemsAbove(lines: readonly string[], index: number): string[] {
  const items: string[] = []
  const column = ITEM.exec(lines[index] ?? '')?.[1]
  for (let at = index - 1; column !== undefined && at >= 0 && items.length < MOST_ITEMS; at--) {
    const [, indent, text = ''] = ITEM.exec(lines[at] ?? '') ?? []
    if (indent !== column) break
    items.unshift(text)
  }
  return items
}

const KEY = /^\s*(?:- +)*["']?([\w.-]+)["']?\s*:(?:\s|$)/

/** Where a line begins, where what follows its dashes does, and whether there are any. */
function shapeOf(tabbed: string): { column: number; content: number; dashed: boolean } {
  const line = tabbed.replaceAll('\t', '    ')
  const column = line.search(/\S|$/)
  const content = /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? column
  return { column, content, dashed: /^\s*-(\s|$)/.test(line) }
}
