import { get, type MapNode, type Tree } from '../source/tree.ts'
import { canonicalDocuments } from './documents.ts'
import { applyExtends } from './extends.ts'
import { applyInclude } from './include.ts'
import { merge } from './merge.ts'
import { mapOf, scalarLike, withEntries } from './nodes.ts'
import { pathRules } from './paths.ts'
import { type Rules, rewrite } from './rewrite.ts'
import type { Scope } from './scope.ts'
import { applyTags } from './tags.ts'
import { UNIQUE } from './unique.ts'
import type { Variables } from './variables.ts'

/** The files of one model, main or included, as one canonical tree: merged in order, paths absolute, variables filled in. */
export function loadModel(files: readonly string[], scope: Scope): MapNode | undefined {
  const documents = files.flatMap((file, index) => documentsOf(file, scope, index > 0))
  const merged = documents.reduce<Tree | undefined>((base, over) => (base ? merge(base, over) : over), undefined)
  if (!merged) return undefined
  const untagged = applyTags(merged)
  const distinct = rewrite(untagged, UNIQUE, scope.report) ?? untagged
  const resolved = rewrite(distinct, modelRules(scope), scope.report)
  return resolved?.kind === 'map' ? resolved : undefined
}

function documentsOf(file: string, scope: Scope, overrides: boolean): MapNode[] {
  const paths = pathRules(scope.directory, scope.home)
  const at = scope.chain.at(-1)?.at
  return canonicalDocuments(file, scope, overrides, at)
    .map((document) => rewrite(document, paths, scope.report))
    .filter((document) => document?.kind === 'map')
    .map((document) => applyInclude(document, scope, loadModel))
    .map((document) => applyExtends(document, file, scope))
}

/** What depends on the model's own directory and variables, and is therefore settled before models are put together. */
function modelRules({ directory, variables }: Scope): Rules {
  return {
    'services.*.build': (node) => {
      if (node.kind !== 'map' || get(node, 'context')) return node
      return withEntries(node, { context: scalarLike(directory, node) })
    },
    'services.*.build.args': (node) => (node.kind === 'map' ? withoutNulls(fromEnvironment(node, variables)) : node),
    'services.*.environment': (node) => (node.kind === 'map' ? fromEnvironment(node, variables) : node),
  }
}

/** Keys without a value take the variable of the same name; unset ones stay null. */
function fromEnvironment(node: MapNode, variables: Variables): MapNode {
  const found = [...node.entries].flatMap(([name, { value }]): [string, Tree][] => {
    const variable = value.kind === 'scalar' && value.value === null ? variables.lookup(name) : undefined
    return variable ? [[name, scalarLike(variable.value, value)]] : []
  })
  return found.length === 0 ? node : withEntries(node, Object.fromEntries(found))
}

function withoutNulls(node: MapNode): MapNode {
  const kept = [...node.entries].filter(([, { value }]) => value.kind !== 'scalar' || value.value !== null)
  return { ...mapOf({}, node), entries: new Map(kept) }
}
