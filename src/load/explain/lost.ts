import { type SeqNode, toData } from '../../source/tree.ts'
import type { Lost } from './explained.ts'
import { type Layer, samePlace } from './layers.ts'

/** The values of weaker layers, the strongest of them first. */
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
  const cut = layers.slice(layers.indexOf(loser) + 1).find((layer) => layer.cut)?.cut
  if (cut) return cut.tag === '!reset' ? 'taken away by `!reset`' : 'replaced as a whole by `!override`'
  if (loser.how === 'env file' || loser.how === 'label file')
    return winner.how === loser.how ? `a later ${loser.how} wins` : `the stack file goes before any ${loser.how}`
  if (loser.how === 'extends' && loser.document === winner.document)
    return "the service's own goes before what it extends"
  return 'a later file wins'
}

/** Items of any layer that are not in the list as it came out. */
export function lostItems(list: SeqNode, layers: readonly Layer[]): Lost[] {
  return layers
    .flatMap(({ node }, index): Lost[] => {
      const items = node?.kind === 'seq' ? node.items : []
      const gone = items.filter((item) => !list.items.some(({ at }) => samePlace(at, item.at)))
      const cut = layers.slice(index + 1).find((layer) => layer.cut)?.cut
      const reason = cut ? `taken away by \`${cut.tag}\`` : 'a later item is for the same thing'
      return gone.map((item) => ({ at: item.at, value: toData(item), reason }))
    })
    .reverse()
}
