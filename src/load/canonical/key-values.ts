import { error, warning } from '../../diagnostics/diagnostic.ts'
import type { Entry, ScalarNode, Tree } from '../../yaml/tree.ts'
import { isNull, mapLike, scalarLike, textOf } from '../tree/nodes.ts'
import type { Report, Rule } from '../tree/rewrite.ts'

/** Converts `[KEY=value]` or `{KEY: value}` to a mapping of strings; a key alone gets an empty string. */
export const keyValues: Rule = (node, report) => toMap(node, '', report)

/** Does the same for variables: a key alone takes its value from the caller's environment and stays null until then. */
export const environment: Rule = (node, report) => toMap(node, null, report)

function toMap(node: Tree, missing: '' | null, report: Report): Tree {
  if (node.kind === 'map')
    return mapLike(
      [...node.entries].map(([key, entry]) => [key, withText(entry, missing)]),
      node,
    )
  const items = node.kind === 'seq' ? node.items : []
  return mapLike(
    items.flatMap((item) => split(item, missing, report)),
    node,
  )
}

function withText(entry: Entry, missing: '' | null): Entry {
  const { value } = entry
  if (value.kind !== 'scalar') return entry
  return { ...entry, value: scalarLike(isNull(value) ? missing : textOf(value), value) }
}

function split(item: Tree, missing: '' | null, report: Report): [string, Entry][] {
  if (item.kind !== 'scalar') return []
  const line = textOf(item)
  const equals = line.indexOf('=')
  const key = equals < 0 ? line : line.slice(0, equals)
  const value = scalarLike(equals < 0 ? missing : line.slice(equals + 1), item)
  if (key === '')
    report(warning('invalid-value', 'a name is missing before the "="', { at: item.at, hint: 'write NAME=value' }))
  if (missing === null && equals > 0 && /\s$/.test(key)) reportSpace(key, item, report)
  return [[key, { keyAt: item.at, value }]]
}

function reportSpace(key: string, { at }: ScalarNode, report: Report): void {
  const hint = `write "${key.trimEnd()}=" without the space`
  report(error('invalid-value', `the name "${key}" ends with a space`, { at, hint }))
}

/** Does the same, and requires a value in every pair. */
export const fullPairs: Rule = (node, report) => {
  for (const item of node.kind === 'seq' ? node.items : []) {
    if (item.kind !== 'scalar' || textOf(item).includes('=')) continue
    report(error('invalid-value', 'a value is missing', { at: item.at, hint: 'write NAME=value' }))
  }
  return keyValues(node, report)
}
