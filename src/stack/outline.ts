/** The lines of a YAML text with their parents, according to indentation. */
export class Outline {
  /** For each processed line, the index of its parent line; -1: none. */
  readonly #parents: number[] = []
  /** The lines that may be parents of the next line, outermost first. */
  readonly #open: { at: number; depth: number }[] = []

  constructor(readonly lines: readonly string[]) {}

  static of(text: string): Outline {
    return new Outline(text.split(/\r\n|\r|\n/))
  }

  /** The keys above a line, nearest first. */
  keysAbove(index: number): string[] {
    const keys: string[] = []
    let { column, dashed } = shapeOf(this.lines[index] ?? '')
    for (let at = this.#parentOf(index); at >= 0; at = this.#parentOf(at)) {
      const line = this.lines[at] ?? ''
      const shape = shapeOf(line)
      const isSibling = shape.dashed && !dashed && shape.content === column
      const key = isSibling ? undefined : KEY.exec(line)?.[1]
      if (key !== undefined) keys.push(key)
      column = shape.column
      dashed = shape.dashed
    }
    return keys
  }

  /** The texts, after their dashes, of the items before a line in the same list, in order. */
  itemsAbove(index: number): string[] {
    const items: string[] = []
    const column = ITEM.exec(this.lines[index] ?? '')?.[1]
    for (let at = index - 1; column !== undefined && at >= 0 && items.length < MOST_ITEMS; at--) {
      const [, indent, text = ''] = ITEM.exec(this.lines[at] ?? '') ?? []
      if (indent !== column) break
      items.unshift(text)
    }
    return items
  }

  #parentOf(index: number): number {
    for (let at = this.#parents.length; at <= index; at++) this.#parents.push(this.#add(at))
    return this.#parents[index] ?? -1
  }

  /** Processes the next line. An empty line or a comment has a parent, but is never one. */
  #add(at: number): number {
    const line = this.lines[at] ?? ''
    const depth = depthOf(shapeOf(line))
    if (/^\s*(#|$)/.test(line)) return this.#open.findLast((each) => each.depth < depth)?.at ?? -1
    while ((this.#open.at(-1)?.depth ?? -1) >= depth) this.#open.pop()
    const parent = this.#open.at(-1)?.at ?? -1
    this.#open.push({ at, depth })
    return parent
  }
}

const ITEM = /^(\s*)-\s+(\S.*)$/
/** More than the words of any command line that names a secret's program. */
const MOST_ITEMS = 100

const KEY = /^\s*(?:- +)*["']?([\w.-]+)["']?\s*:(?:\s|$)/

interface Shape {
  /** The column at which a line begins. */
  column: number
  /** The column after its dashes. */
  content: number
  dashed: boolean
}

function shapeOf(tabbed: string): Shape {
  const line = tabbed.replaceAll('\t', '    ')
  const column = line.search(/\S|$/)
  const content = /^\s*(?:-\s+)*/.exec(line)?.[0].length ?? column
  return { column, content, dashed: /^\s*-(\s|$)/.test(line) }
}

/** A list may start at the column of its key. */
function depthOf({ column, dashed }: Shape): number {
  return 2 * column + Number(dashed)
}
