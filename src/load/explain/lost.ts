import { type Path, type SeqNode, type Tree, toData } from '../../yaml/tree.ts'
import { MERGERS } from '../merge/merge.ts'
import { UNIQUE } from '../merge/unique.ts'
import { textOf } from '../tree/nodes.ts'
import type { Lost } from './explained.ts'
import { type Layer, samePlace } from './layers.ts'
import { writtenAt } from './writing.ts'

/** The values of weaker layers, strongest first. */
export function lostBy(winner: Layer, layers: readonly Layer[]): Lost[] {
  const weaker = layers.slice(0, layers.indexOf(winner))
  return weaker
    .flatMap((layer): Lost[] => {
      const { node } = layer
      return node ? [{ at: node.at, value: toData(node), reason: reasonOf(layer, winner, layers) }] : []
    })
    .reverse()
}

function reasonOf(loser: Layer, winner: Layer, layers: readonly Layer[]): string {
  const cut = cutAfter(loser, layers)
  if (cut) return cut
  if (loser.how === 'env file' || loser.how === 'label file')
    return winner.how === loser.how
      ? `a later ${loser.how} wins`
      : `the stack file takes precedence over any ${loser.how}`
  if (loser.how === 'extends' && loser.document === winner.document)
    return "the service's own value takes precedence over the one that it extends"
  return 'a later file wins'
}

function cutAfter(loser: Layer, layers: readonly Layer[]): string | undefined {
  const cut = layers.slice(layers.indexOf(loser) + 1).find((layer) => layer.cut)?.cut
  if (!cut) return undefined
  return cut.tag === '!reset' ? 'removed by `!reset`' : 'replaced entirely by `!override`'
}

/** An item that is missing from the resulting list. */
export interface LostItem extends Lost {
  node: Tree
}

/** Lost items of any layer, strongest first. */
export function lostItems(steps: Path, list: SeqNode, layers: readonly Layer[]): LostItem[] {
  const otherwise = patternOf(steps) in MERGERS ? 'a later list replaces this one' : 'a later item replaces this one'
  return layers
    .flatMap((layer): LostItem[] => {
      const items = layer.node?.kind === 'seq' ? layer.node.items : []
      const gone = items.filter((item) => !list.items.some(({ at }) => samePlace(at, item.at)))
      const reason = cutAfter(layer, layers) ?? otherwise
      return gone.map((node) => ({ node, at: node.at, value: writtenItem(layer, node), reason }))
    })
    .reverse()
}

/** Whether two list items are for the same port, mount, …, so that only one of them is kept. */
export function areForTheSame(steps: Path, one: Tree, other: Tree): boolean {
  const both: SeqNode = { kind: 'seq', items: [one, other], at: one.at }
  const kept = UNIQUE[patternOf(steps)]?.(both, () => undefined)
  return kept?.kind === 'seq' && kept.items.length === 1
}

/** In the path tables, `*` stands for names of services, networks, …. */
function patternOf(steps: Path): string {
  return steps.map((step, index) => (index === 1 ? '*' : step)).join('.')
}

/** An item as written: the short syntax is easier to recognise. */
function writtenItem(layer: Layer | undefined, item: Tree): unknown {
  const written = layer && writtenAt(layer, item.at)?.node
  return written?.kind === 'scalar' && item.kind !== 'scalar' ? textOf(written) : toData(item)
}
