import type { Stack } from '../../stack/model.ts'
import { get, type MapNode, type Tree, toData } from '../../yaml/tree.ts'
import { textOf } from '../tree/nodes.ts'

interface Declaring {
  stack: Stack
  tree: MapNode
}

/** The models that active services use, or all declared ones, by key. */
export function modelsOf({ stack, tree }: Declaring, all: boolean): Record<string, unknown> {
  const services = get(tree, 'services')
  const used = new Set(Object.keys(stack.services).flatMap((name) => keysIn(get(get(services, name), 'models'))))
  const models = get(tree, 'models')
  const chosen = models?.kind === 'map' ? [...models.entries].filter(([key]) => all || used.has(key)) : []
  return Object.fromEntries(chosen.map(([key, { value }]) => [key, toData(value)]))
}

/** The models' names at their source, sorted. */
export function modelNames(declaring: Declaring, all: boolean): string[] {
  const models = Object.values(modelsOf(declaring, all))
  return models.flatMap((model) => (isNamed(model) ? [model.model] : [])).sort()
}

function isNamed(model: unknown): model is { model: string } {
  return typeof model === 'object' && model !== null && 'model' in model && typeof model.model === 'string'
}

/** Both syntaxes: `[llm]` and `{llm: …}`. */
function keysIn(models: Tree | undefined): string[] {
  if (models?.kind === 'map') return [...models.entries.keys()]
  return models?.kind === 'seq' ? models.items.flatMap((item) => (item.kind === 'scalar' ? [textOf(item)] : [])) : []
}
