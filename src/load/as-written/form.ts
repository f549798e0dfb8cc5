import type { Tree } from '../../source/tree.ts'
import { contextRules } from '../canonical-form.ts'
import type { Form } from '../form.ts'
import { scalarLike, textOf } from '../nodes.ts'
import type { Rules } from '../rewrite.ts'
import type { Scope } from '../scope.ts'
import type { Variables } from '../variables.ts'
import { documentAsWritten } from './document.ts'
import { MERGERS_AS_WRITTEN, UNIQUE_AS_WRITTEN } from './merge.ts'

/** What `config --no-interpolate` works with. */
export const FORM_AS_WRITTEN: Form = {
  document: documentAsWritten,
  mergers: MERGERS_AS_WRITTEN,
  unique: UNIQUE_AS_WRITTEN,
  settle,
}

function settle(scope: Scope): Rules {
  if (scope.options.normalize === false) return contextRules(scope)
  return { ...contextRules(scope), 'services.*.build.args': (node) => resolved(node, scope.variables) }
}

/** Arguments of a build that say no value take the variable of their name; unset ones are none. */
function resolved(args: Tree, variables: Variables): Tree {
  if (args.kind === 'seq') return { ...args, items: args.items.flatMap((item) => resolvedPair(item, variables)) }
  if (args.kind !== 'map') return args
  const entries = [...args.entries].flatMap(([name, entry]) => {
    if (entry.value.kind !== 'scalar' || entry.value.value !== null) return [[name, entry] as const]
    const found = variables.lookup(name)
    return found ? [[name, { ...entry, value: scalarLike(found.value, entry.value) }] as const] : []
  })
  return { ...args, entries: new Map(entries) }
}

function resolvedPair(item: Tree, variables: Variables): Tree[] {
  const name = item.kind === 'scalar' ? textOf(item) : '='
  if (name.includes('=')) return [item]
  const found = variables.lookup(name)
  return found ? [scalarLike(`${name}=${found.value}`, item)] : []
}
