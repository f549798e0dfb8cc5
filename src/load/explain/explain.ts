import { type Checked, failed } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import {
  formatPath,
  type MapNode,
  nearest,
  type Path,
  type ScalarNode,
  type SeqNode,
  type Tree,
  toData,
} from '../../yaml/tree.ts'
import { textOf } from '../tree/nodes.ts'
import { variablesOf } from '../variable/variables.ts'
import type { Explained, Lost, Source, VariableSource } from './explained.ts'
import { type Explainable, type Layer, layersOf, samePlace } from './layers.ts'
import { areForTheSame, type LostItem, lostBy, lostItems } from './lost.ts'
import { resolvePath } from './resolve-path.ts'
import { type Settings, variableOfName, variablesOfText } from './variables.ts'
import { detours, lostMerges, mappingAt, type Written, writtenAt } from './writing.ts'

/**
 * Explains where the value at a path of the model comes from: the line that set it, its variables, the values that it overrode. For
 * a mapping or list, explains everything inside as well. Fails with `usage` for a path that neither exists nor was removed.
 */
export function explain(loaded: Explainable, path: string, settings: Settings): Checked<Explained> {
  const { steps, found, missing, near } = resolvePath(loaded.tree, path)
  if (found) {
    const inList = steps.some((step) => typeof step === 'number')
    const value = (inList ? explainInList : explainNode)(steps, found, { loaded, settings })
    return { ok: true, value, warnings: [] }
  }
  const removed = explainRemoved([...steps, ...missing], loaded)
  if (removed) return { ok: true, value: removed, warnings: [] }
  const where = steps.length === 0 ? 'the stack' : formatPath(steps)
  const known = near.length > 0 ? `${where} has ${near.slice(0, 20).join(', ')}` : `${where} has no keys`
  const hint = didYouMean(String(missing[0] ?? ''), near) ?? known
  return failed(error('usage', `nothing is set at ${path}`, { hint }))
}

interface Asked {
  loaded: Explainable
  settings: Settings
}

function explainNode(steps: Path, node: Tree, asked: Asked): Explained {
  const layers = layersOf(steps, asked.loaded)
  if (node.kind === 'map') return explainMap(steps, node, layers, asked)
  return node.kind === 'seq' ? explainList(steps, node, layers, asked) : explainScalar(steps, node, layers, asked)
}

function explainMap(steps: Path, node: MapNode, layers: readonly Layer[], asked: Asked): Explained {
  const children = [...node.entries].map(([key, { value }]) => explainNode([...steps, key], value, asked))
  const removed = removedKeys(node, layers).flatMap((key) => explainRemoved([...steps, key], asked.loaded) ?? [])
  return {
    path: formatPath(steps),
    value: toData(node),
    source: sourceOf(layers.at(-1), node.at),
    variables: [],
    lost: [],
    children: [...children, ...removed],
  }
}

function removedKeys(node: MapNode, layers: readonly Layer[]): string[] {
  const all = layers.flatMap(({ node: each }) => (each?.kind === 'map' ? [...each.entries.keys()] : []))
  return [...new Set(all)].filter((key) => !node.entries.has(key))
}

function explainList(steps: Path, node: SeqNode, layers: readonly Layer[], asked: Asked): Explained {
  const lost = lostItems(steps, node, layers)
  const replaced = (item: Tree) => lost.filter((each) => areForTheSame(steps, each.node, item))
  const others = lost.filter((each) => !node.items.some((item) => areForTheSame(steps, each.node, item)))
  return {
    path: formatPath(steps),
    value: toData(node),
    source: sourceOf(layers.at(-1), node.at),
    variables: [],
    lost: others.map(withoutNode),
    children: node.items.map((item, index) => ({
      ...explainItem([...steps, index], item, layers, asked),
      lost: replaced(item).map(withoutNode),
    })),
  }
}

function withoutNode({ node: _, ...lost }: LostItem): Lost {
  return lost
}

/** A value inside a list is explained as the item that contains it. */
function explainInList(steps: Path, found: Tree, asked: Asked): Explained {
  const depth = steps.findIndex((step) => typeof step === 'number')
  const list = nearest(asked.loaded.tree, steps.slice(0, depth))
  const whole = explainNode(steps.slice(0, depth), list, asked)
  const item = whole.children[Number(steps[depth])] ?? whole
  return { ...item, path: formatPath(steps), value: toData(found) }
}

function explainItem(steps: Path, item: Tree, layers: readonly Layer[], asked: Asked): Explained {
  const layer = layers.findLast(
    ({ node }) => node?.kind === 'seq' && node.items.some(({ at }) => samePlace(at, item.at)),
  )
  const written = layer && writtenAt(layer, item.at)
  return {
    path: formatPath(steps),
    value: toData(item),
    source: { ...sourceOf(layer, item.at, written), ...(item.kind === 'map' && shortSyntax(written)) },
    variables: variablesIn(written, layer, asked, steps),
    lost: [],
    children: [],
  }
}

function shortSyntax(written: Written | undefined): { written?: string } {
  return written?.node.kind === 'scalar' ? { written: textOf(written.node) } : {}
}

function explainScalar(steps: Path, node: ScalarNode, layers: readonly Layer[], asked: Asked): Explained {
  const winner = layers.findLast((layer) => layer.node && samePlace(layer.node.at, node.at)) ?? ownLayer(node, layers)
  const written = winner && writtenAt(winner, node.at)
  const key = String(steps.at(-1))
  const home = winner?.document && mappingAt(winner.document.written, steps.slice(0, -1))
  const lost = winner ? [...lostBy(winner, layers), ...lostMerges(home ?? written?.parent, key)] : []
  return {
    path: formatPath(steps),
    value: node.value,
    source: sourceOf(winner, node.at, written, detours(home ?? written?.parent, key)),
    variables: variablesIn(written, winner, asked, steps),
    lost,
    children: [],
  }
}

/** Some values are copied from other places; their layer is the last one with the same value. */
function ownLayer(node: ScalarNode, layers: readonly Layer[]): Layer | undefined {
  return layers.findLast((layer) => layer.node?.kind === 'scalar' && layer.node.value === node.value)
}

function sourceOf(layer: Layer | undefined, at: Span, written?: Written, detour: Source['through'] = []): Source {
  if (!layer) return { how: 'default', through: [] }
  const place = layer.node?.kind === 'scalar' ? layer.node.at : at
  const text = written?.node.kind === 'scalar' ? (written.node.text ?? String(written.node.value)) : undefined
  return {
    at: place,
    how: layer.how,
    through: [...layer.through, ...detour],
    ...(text?.includes('$') && { written: text }),
  }
}

function variablesIn(
  written: Written | undefined,
  layer: Layer | undefined,
  { loaded, settings }: Asked,
  steps: Path,
): VariableSource[] {
  if (!layer?.document || written?.node.kind !== 'scalar') return []
  const known = { variables: loaded.trace.variables.get(layer.document.file) ?? variablesOf({}), settings }
  const { value } = written.node
  if (typeof value === 'string' && value.includes('$')) return variablesOfText(value, known)
  const bare = value === null || (typeof value === 'string' && !value.includes('=') && value === steps.at(-1))
  return bare && takesNames(steps) ? [variableOfName(String(steps.at(-1)), known)] : []
}

/** Whether a name without a value takes the value of the variable with that name. */
function takesNames(steps: Path): boolean {
  return steps.length > 3 && ['environment', 'args'].includes(String(steps.at(-2)))
}

/** A value that one file set and another one removed. */
function explainRemoved(steps: Path, loaded: Explainable): Explained | undefined {
  const layers = layersOf(steps, loaded)
  const cut = layers.findLast((layer) => layer.cut && !layer.node)
  const declaring = layers.filter(({ node }) => node)
  if (!cut?.cut || declaring.length === 0) return undefined
  const reason = `removed by \`${cut.cut.tag}\``
  const lost = declaring.flatMap(({ node }): Lost[] => (node ? [{ at: node.at, value: toData(node), reason }] : []))
  const source: Source = { at: cut.cut.at, how: 'removed', through: cut.through }
  return { path: formatPath(steps), source, variables: [], lost: lost.reverse(), children: [] }
}
