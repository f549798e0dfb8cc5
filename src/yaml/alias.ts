import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Tree } from './tree.ts'

/** The number of nodes that aliases may add to a document. Real files stay below a few thousand; alias bombs reach billions. */
const MOST_ALIASED_NODES = 100_000

export interface Built {
  tree: Tree
  /** The number of nodes in the subtree, with aliases expanded. */
  size: number
}

/** The anchors of one document. Aliased subtrees are shared, but their expanded size is counted. */
export class Anchors {
  readonly #built = new Map<string, Built | 'open'>()
  #aliased = 0

  /** Whether aliases expand to more nodes than the limit: the document is then unusable. */
  get exhausted(): boolean {
    return this.#aliased > MOST_ALIASED_NODES
  }

  /** The anchor's value begins: until it is closed, an alias to it would be recursive. */
  open(name: string): void {
    this.#built.set(name, 'open')
  }

  close(name: string, built: Built): void {
    this.#built.set(name, built)
  }

  /** The value of an alias, or else its problem, unless that was already reported. */
  resolve(name: string, at: Span): { built?: Built; problem?: Diagnostic } {
    const target = this.#built.get(name)
    if (target === undefined) return { problem: this.#unknown(name, at) }
    if (target === 'open') {
      const message = `the alias *${name} is used inside the value that it refers to`
      return { problem: error('yaml-alias', message, { at, hint: 'a value cannot contain itself' }) }
    }
    if (this.#aliased > MOST_ALIASED_NODES) return {}
    this.#aliased += target.size
    return this.#aliased > MOST_ALIASED_NODES ? { problem: tooMany(at) } : { built: target }
  }

  #unknown(name: string, at: Span): Diagnostic {
    const known = [...this.#built.keys()].map((each) => `&${each}`).join(', ')
    const listed = known ? `anchors defined so far: ${known}` : `put \`&${name}\` before the value to repeat`
    const hint = /^[\w-]+$/.test(name) ? listed : 'put a value that starts with * in quotes'
    return error('yaml-alias', `the alias *${name} has no anchor &${name} before it`, { at, hint })
  }
}

function tooMany(at: Span): Diagnostic {
  const message = `aliases expand to more than ${MOST_ALIASED_NODES.toLocaleString('en')} values`
  return error('yaml-alias', message, {
    at,
    hint: 'aliases of aliases multiply; write the values out or use fewer levels',
  })
}
