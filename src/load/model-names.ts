import { get, type Tree } from '../source/tree.ts'
import type { Loaded } from './loaded.ts'
import { textAt, textOf } from './nodes.ts'

/** What the models are called that active services use, or that are declared; sorted. */
export function modelNames({ stack, tree }: Pick<Loaded, 'stack' | 'tree'>, all: boolean): string[] {
  const services = get(tree, 'services')
  const used = new Set(Object.keys(stack.services).flatMap((name) => keysIn(get(get(services, name), 'models'))))
  const models = get(tree, 'models')
  const chosen = models?.kind === 'map' ? [...models.entries].filter(([key]) => all || used.has(key)) : []
  return chosen.flatMap(([, { value }]) => (value.kind === 'map' ? (textAt(value, 'model') ?? []) : [])).sort()
}

/** Both syntaxes: `[llm]` and `{llm: …}`. */
function keysIn(models: Tree | undefined): string[] {
  if (models?.kind === 'map') return [...models.entries.keys()]
  return models?.kind === 'seq' ? models.items.flatMap((item) => (item.kind === 'scalar' ? [textOf(item)] : [])) : []
}
