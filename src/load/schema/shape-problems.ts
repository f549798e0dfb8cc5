import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Span } from '../../diagnostics/span.ts'
import { closest, didYouMean } from '../../diagnostics/suggest.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { MASK } from '../../stack/sensitive.ts'
import { formatPath, get, nearest, type Path, type Tree } from '../../yaml/tree.ts'
import type { ShapeError } from '../generated/validate.js'
import { quoted, withoutPairs } from '../tree/excerpt.ts'
import { hintForUnknownKey } from './mistakes.ts'
import { schemaAt, typesOf } from './shape.ts'
import { hintForWrongType, listed, TYPE_NOUNS } from './type-hints.ts'

/** A schema problem, and the part of the tree that is unusable because of it. */
export interface ShapeProblem {
  code: Diagnostic['code']
  at: Span
  prune: Path
  /** Distinguishes problems of one kind at the same span; others are repetitions by aliases. */
  detail: string
  /** Computed only for problems that are reported. */
  words: () => { message: string; hint?: string | undefined }
}

export function diagnosticOf({ code, at, words }: ShapeProblem): Diagnostic {
  const { message, hint } = words()
  return error(code, message, { at, hint })
}

/** Describes an error of the compiled validator in this format's terms; undefined for an error that only wraps another one. */
export function describe(tree: Tree, path: Path, shapeError: ShapeError): ShapeProblem | undefined {
  const { keyword, params, propertyName } = shapeError
  if (propertyName !== undefined) return undefined
  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(tree, path, String(params.additionalProperty))
    case 'propertyNames':
      return badName(tree, path, String(params.propertyName))
    case 'type':
      return wrongType(tree, path)
    case 'required':
      return missingKey(tree, path, String(params.missingProperty))
    case 'enum':
      return outside(tree, path, () => didYouMean(valueText(tree, path), [params.allowedValues].flat().map(String)))
    case 'pattern':
      return outside(tree, path, () => FORMS[String(path.at(-1))])
    default:
      return outOfRange(tree, path, String(params.comparison), Number(params.limit))
  }
}

/** Hints for values that do not match a pattern of the schema, by key. */
const FORMS: Readonly<Record<string, string>> = {
  container_name: 'use letters, digits, _, . and -, starting with a letter or digit, at least two of them',
  gpus: 'write all, or a list of device requests',
  pull_policy: 'write always, never, missing, if_not_present, build, daily, weekly or every_12h',
}

function unknownKey(tree: Tree, path: Path, key: string): ShapeProblem {
  const words = () => ({
    message: `unknown key "${withoutPairs(key)}" ${path.length === 0 ? 'at the top level' : `in ${shownPath(path)}`}`,
    hint: hintForUnknownKey(key, path),
  })
  return { code: 'unknown-key', at: keySpan(tree, path, key), prune: [...path, key], detail: key, words }
}

function badName(tree: Tree, path: Path, key: string): ShapeProblem {
  const words = () => ({
    message: `invalid name "${withoutPairs(key)}" in ${shownPath(path)}`,
    hint: path.at(-1) === 'ulimits' ? 'use lower-case letters only, e.g. nofile' : 'use letters, digits, ., _ and -',
  })
  return { code: 'invalid-value', at: keySpan(tree, path, key), prune: [...path, key], detail: key, words }
}

function wrongType(tree: Tree, path: Path): ShapeProblem {
  const words = () => {
    const node = nearest(tree, path)
    const wanted = listed(typesOf(schemaAt(path)).map((type) => TYPE_NOUNS[type] ?? type))
    return {
      message: `${shownPath(path)} must be ${wanted}, but it is ${describeNode(node, path)}`,
      hint: hintForWrongType(node, path, isSecret(node, path)),
    }
  }
  return { code: 'wrong-type', at: valueSpan(tree, path), prune: path, detail: '', words }
}

/** Undefined if the key exists but is misspelt: it is reported as unknown. */
function missingKey(tree: Tree, path: Path, key: string): ShapeProblem | undefined {
  const node = nearest(tree, path)
  const isClosed = schemaAt(path)?.shape.additionalProperties === false
  if (isClosed && node.kind === 'map' && closest(key, node.entries.keys())) return undefined
  const words = () => ({ message: `${shownPath(path)} is missing the required key "${key}"` })
  return { code: 'missing-key', at: valueSpan(tree, path), prune: path, detail: key, words }
}

function outside(tree: Tree, path: Path, hint: () => string | undefined): ShapeProblem {
  const words = () => ({
    message: `${shownPath(path)} cannot be ${describeNode(nearest(tree, path), path)}`,
    hint: hint(),
  })
  return { code: 'invalid-value', at: valueSpan(tree, path), prune: path, detail: '', words }
}

function outOfRange(tree: Tree, path: Path, comparison: string, limit: number): ShapeProblem {
  const bound = comparison.startsWith('>') ? 'at least' : 'at most'
  const found = isSecret(nearest(tree, path), path) ? MASK : foreign(valueText(tree, path))
  const words = () => ({ message: `${shownPath(path)} must be ${bound} ${limit}, but it is ${found}` })
  return { code: 'invalid-value', at: valueSpan(tree, path), prune: path, detail: '', words }
}

function shownPath(path: Path): string {
  return formatPath(path.map((step) => (typeof step === 'string' ? withoutPairs(step) : step)))
}

function isSecret(node: Tree, path: Path): boolean {
  return node.secret === true || namesSecret(String(path.at(-1)))
}

function describeNode(node: Tree, path: Path): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a mapping' : 'a list'
  if (node.value === null) return 'empty'
  const type = typeof node.value
  if (isSecret(node, path)) return type === 'string' ? `the string "${MASK}"` : `a ${type}`
  return type === 'boolean'
    ? String(node.value)
    : `the ${type} ${type === 'string' ? quoted(String(node.value)) : foreign(String(node.text ?? node.value))}`
}

function valueText(tree: Tree, path: Path): string {
  const node = nearest(tree, path)
  return node.kind === 'scalar' && !isSecret(node, path) ? String(node.value) : ''
}

function keySpan(tree: Tree, path: Path, key: string): Span {
  const parent = nearest(tree, path)
  return (parent.kind === 'map' ? parent.entries.get(key)?.keyAt : undefined) ?? parent.at
}

/** An empty value has no characters, so its key's span is used. */
function valueSpan(tree: Tree, path: Path): Span {
  const node = nearest(tree, path)
  const key = path.at(-1)
  const parent = nearest(tree, path.slice(0, -1))
  const empty = node.at.line === node.at.endLine && node.at.col === node.at.endCol
  return empty && typeof key === 'string' && get(parent, key) === node ? keySpan(tree, path.slice(0, -1), key) : node.at
}
