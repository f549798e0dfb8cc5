import type { Span } from '../../diagnostics/span.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import type { Trace, TracedDocument } from '../merge/trace.ts'
import type { Source } from './explained.ts'

/** One place that sets or removes a path. Lists of layers start with the weakest one. */
export interface Layer {
  how: Source['how']
  through: Source['through']
  /** The value; absent if the layer only removes. */
  node?: Tree
  keyAt: Span
  /** `!reset` or `!override` on the value or on one of its parents: weaker layers do not count. */
  cut?: { tag: string; at: Span }
  document?: TracedDocument
}

export type Steps = readonly (string | number)[]

/** All layers of a path. */
export function layersOf(steps: Steps, { trace }: { trace: Trace }): Layer[] {
  return [...fileLayers(steps, trace), ...trace.documents.flatMap((document) => documentLayers(steps, document, trace))]
}

function documentLayers(steps: Steps, document: TracedDocument, trace: Trace): Layer[] {
  const [section, name, ...rest] = steps
  const through = document.includedAt ? [{ what: 'include', at: document.includedAt }] : []
  const from: From = { how: 'written', through, document }
  const own = layerIn(document.tree, steps, from)
  const service = section === 'services' && name !== undefined && get(get(document.tree, section), String(name))
  return [...(service ? baseLayers(service, rest, { ...from, how: 'extends' }, trace) : []), ...own]
}

/** The origin of a layer. */
type From = Pick<Layer, 'how' | 'through' | 'document'>

/** Layers from the services that a service extends, the most distant first. */
function baseLayers(service: Tree, rest: Steps, from: From, trace: Trace): Layer[] {
  const base = trace.bases.get(service)
  if (!base) return []
  const deeper = { ...from, through: [...from.through, { what: `extends ${base.service}`, at: base.at }] }
  const own = layerIn(base.entry.value, rest, deeper, base.entry.keyAt)
  return [...baseLayers(base.entry.value, rest, deeper, trace), ...own]
}

function layerIn(root: Tree, steps: Steps, from: From, keyAt: Span = root.at): Layer[] {
  const found = descend(root, steps, keyAt)
  return found ? [{ ...from, ...found }] : []
}

function descend(node: Tree, steps: Steps, keyAt: Span): Pick<Layer, 'node' | 'keyAt' | 'cut'> | undefined {
  const cut = node.tag ? { tag: node.tag, at: keyAt } : undefined
  if (cut?.tag === '!reset') return { keyAt, cut }
  const [step, ...rest] = steps
  if (step === undefined) return { node, keyAt, ...(cut && { cut }) }
  const entry = node.kind === 'map' ? node.entries.get(String(step)) : undefined
  const item = node.kind === 'seq' ? node.items[Number(step)] : undefined
  const inner = entry ? descend(entry.value, rest, entry.keyAt) : item && descend(item, rest, item.at)
  if (inner) return { ...inner, ...(cut && { cut }) }
  return cut && { keyAt, cut }
}

const FILES = { environment: ['env_file', 'env file'], labels: ['label_file', 'label file'] } as const

/** A variable or label that env files or label files set. */
function fileLayers([section, service, attribute, key, ...rest]: Steps, { merged, files }: Trace): Layer[] {
  if (section !== 'services' || key === undefined || rest.length > 0) return []
  const [list, how] = attribute === 'environment' || attribute === 'labels' ? FILES[attribute] : []
  const items = list && get(get(get(merged, 'services'), String(service)), list)
  if (!how || items?.kind !== 'seq') return []
  return items.items.flatMap((item): Layer[] => {
    const found = files.get(item)?.get(String(key))
    if (!found) return []
    const node = { kind: 'scalar' as const, value: found.value, at: found.at }
    return [{ how, through: [{ what: list, at: item.at }], node, keyAt: found.at }]
  })
}

/** Whether two nodes were written at the same place. */
export function samePlace(a: Span, b: Span): boolean {
  return a.file === b.file && a.line === b.line && a.col === b.col
}

/** A canonical tree, with what loading recorded about its origins. */
export interface Explainable {
  tree: MapNode
  trace: Trace
}
