import type { ScalarNode, Tree } from '../../yaml/tree.ts'
import { mapOf, scalarLike, textAt, textOf, untagged, withEntries } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** A granted secret or config in long form; by default, a secret is mounted in /run/secrets. */
export function fileReference(directory: string | undefined): Rule {
  return (node, report) => {
    const long = node.kind === 'map' ? node : mapOf({ source: node.kind === 'scalar' ? textOf(node) : undefined }, node)
    const source = textAt(long, 'source')
    const target = textAt(long, 'target') ?? (directory && source && `${directory}/${source}`)
    const mode = long.entries.get('mode')?.value
    return withEntries(long, {
      ...(target && { target: untagged(scalarLike(target, long.entries.get('target')?.value ?? node)) }),
      ...(mode && { mode: checkedPart(mode, report, () => octal(mode)) }),
    })
  }
}

/** `0440` and strings are octal; any other number is used by value: 288 is `0440`. */
function octal(mode: Tree): ScalarNode {
  const bits =
    mode.kind === 'scalar' && typeof mode.value === 'number'
      ? mode.value
      : Number.parseInt(mode.kind === 'scalar' ? octalDigits(mode) : '', 8)
  if (Number.isInteger(bits) && bits >= 0 && bits <= 0o7777) return scalarLike(`0${bits.toString(8)}`, mode)
  throw new Malformed('the mode is not an octal permission', 'write it as "0440"')
}

function octalDigits(mode: ScalarNode): string {
  const text = textOf(mode)
  return /^[0-7]+$/.test(text) ? text : ''
}
