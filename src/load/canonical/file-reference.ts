import type { ScalarNode, Tree } from '../../yaml/tree.ts'
import { mapOf, scalarLike, textAt, textOf, untagged, withEntries } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'
import { checkedPart, Malformed } from './malformed.ts'

/** Converts a service's secret or config to long form; `directory` is the default mount directory, /run/secrets for secrets. */
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

/** `0440` and strings are octal; any other number is taken by value: 288 means `0440`. */
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
