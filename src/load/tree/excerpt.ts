import { foreign, mapForeign } from '../../diagnostics/foreign.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { MASK } from '../../stack/sensitive.ts'
import type { Tree } from '../../yaml/tree.ts'
import { textOf } from './nodes.ts'

/** Longest excerpt of a stack file in a message, in characters. */
const LONGEST = 40

/** Quotes a text, truncates it if it is long, and masks the value of `NAME=value` with a secret name. */
export function quoted(text: string): string {
  return `"${foreign(JSON.stringify(cut(withoutPairs(text))).slice(1, -1))}"`
}

export function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** Masks the value in `DB_PASSWORD=…`, `DB_PASSWORD: …` and the like up to the end of the text: values may contain spaces. */
export function withoutPairs(text: string): string {
  for (const { 0: whole, 1: name = '', index } of text.matchAll(PAIR)) {
    if (namesSecret(name)) return text.slice(0, index + whole.length) + MASK
  }
  return text
}

/** Matches only at the start of a word, so that a long word is not tried from each character. */
const PAIR = /(?<![\w.-])[\d.-]*([A-Za-z_][\w.-]*)(?:=|:[ \t]*)(?=\S)/g

/** The values of such pairs. */
export function secretsInPairs(text: string): string[] {
  const masked = withoutPairs(text)
  return masked === text ? [] : [text.slice(masked.length - MASK.length)]
}

/** A sentence about a node's value, with quoted parts of the value masked if it is a secret. */
export function withoutSecrets(sentence: string, node: Tree): string {
  const text = node.kind === 'scalar' ? textOf(node) : ''
  const secrets = node.secret
    ? [text, ...piecesOf(text)]
    : secretsInPairs(text).flatMap((each) => [each, ...piecesOf(each)])
  const open = (part: string) =>
    secrets.filter((each) => each !== '').reduce((shown, secret) => shown.replaceAll(secret, MASK), part)
  return secrets.length === 0 ? sentence : mapForeign(sentence, open)
}

/** The words of a value that a message may quote separately. Shorter words would match in any sentence. */
function piecesOf(text: string): string[] {
  return text.split(/[^\p{L}\p{N}]+/u).filter((piece) => piece.length > 3)
}
