import { error, warning } from '../../diagnostics/diagnostic.ts'
import { toData } from '../../yaml/tree.ts'
import { scalarLike, untagged, withEntries } from '../tree/nodes.ts'
import type { Rule } from '../tree/rewrite.ts'

/** The deprecated `external: {name: x}` becomes `external: true` and `name: x`. */
export const external: Rule = (node, report) => {
  const given = node.kind === 'map' ? node.entries.get('external')?.value : undefined
  if (node.kind !== 'map' || given?.kind !== 'map') return node
  const name = given.entries.get('name')?.value
  report(
    warning('obsolete', '`external.name` is obsolete', {
      at: given.at,
      hint: 'write `external: true` and `name:` beside it',
    }),
  )
  const own = node.entries.get('name')
  if (own && name && toData(own.value) !== toData(name)) {
    const related = [{ message: 'the other name', at: given.at }]
    report(error('conflicting-keys', 'the name is set twice', { at: own.keyAt, related, hint: 'keep only `name`' }))
  }
  return withEntries(node, { external: untagged(scalarLike(true, given)), ...(name && { name }) })
}
