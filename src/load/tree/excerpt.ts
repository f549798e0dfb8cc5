import { foreign, mapForeign } from '../../diagnostics/foreign.ts'
import { MASK, namesSecret } from '../../stack/sensitive.ts'
import type { Tree } from '../../yaml/tree.ts'
import { textOf } from './nodes.ts'

/** A part of a stack file in a message: no line of its own, and not endless. */
const LONGEST = 40

/** In quotes, and cut where it is long; the value of `NAME=value` with a secret name is masked. */
export function quoted(text: string): string {
  return `"${foreign(JSON.stringify(cut(withoutPairs(text))).slice(1, -1))}"`
}

export function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** What `DB_PASSWORD=…`, `DB_PASSWORD: …` and the like hold, masked to the end of the text: values may hold spaces. */
export function withoutPairs(text: string): string {
  for (const { 0: whole, 1: name = '', index } of text.matchAll(PAIR)) {
    if (namesSecret(name)) return text.slice(0, index + whole.length) + MASK
  }
  return text
}

/** From the beginning of a word on: a long one is not tried from each of its characters. */
const PAIR = /(?<![\w.-])[\d.-]*([A-Za-z_][\w.-]*)(?:=|:[ \t]*)(?=\S)/g

/** The values of such pairs. */
export function secretsInPairs(text: string): string[] {
  const masked = withoutPairs(text)
  return masked === text ? [] : [text.slice(masked.length - MASK.length)]
}

/** A sentence about a node's value; what it quotes of that is masked where the value is a secret. */
export function withoutSecrets(sentence: string, node: Tree): string {
  const text = node.kind === 'scalar' ? textOf(node) : ''
  const secrets = node.secret
    ? [text, ...piecesOf(text)]
    : secretsInPairs(text).flatMap((each) => [each, ...piecesOf(each)])
  const open = (part: string) =>
    secrets.filter((each) => each !== '').reduce((shown, secret) => shown.replaceAll(secret, MASK), part)
  return secrets.length === 0 ? sentence : mapForeign(sentence, open)
}

/** What remains of a value that a message takes apart. Shorter pieces are found in any sentence. */
function piecesOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter((piece) => piece.length > 3)
}
