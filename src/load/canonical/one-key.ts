import { mapOf, scalarLike, textOf, untagged } from '../nodes.ts'
import type { Rule } from '../rewrite.ts'

/** A lone string stands for a mapping with one key: `build: ./app` is `build: {context: ./app}`. */
export function oneKey(key: string): Rule {
  return (node) => (node.kind === 'scalar' ? mapOf({ [key]: untagged(scalarLike(textOf(node), node)) }, node) : node)
}
