import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import { formatPath } from '../source/path.ts'
import { get, nearest, type Path, type Tree } from '../source/tree.ts'
import { namesSecret } from '../stack/sensitive.ts'
import type { ShapeError } from './generated/validate.js'
import { hintForUnknownKey } from './mistakes.ts'
import { placeAt, typesOf } from './shape.ts'
import { didYouMean } from './suggest.ts'
import { hintForWrongType, listed, TYPE_NOUNS } from './type-hints.ts'

/** A problem of the schema phase, and the part of the tree that cannot be used because of it. */
export interface ShapeProblem {
  diagnostic: Diagnostic
  prune: Path
  /** Tells problems of one kind at one span apart: aliases repeat the others. */
  detail: string
}

/** The words of this format for one error of the compiled validator; undefined for an error that only wraps another. */
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
      return outside(tree, path, didYouMean(shown(tree, path), [params.allowedValues].flat().map(String)))
    case 'pattern':
      return outside(tree, path, FORMS[String(path.at(-1))])
    default:
      return outOfRange(tree, path, String(params.comparison), Number(params.limit))
  }
}

/** What the schema's patterns ask for, by the key that has them. */
const FORMS: Readonly<Record<string, string>> = {
  container_name: 'use letters, digits, _, . and -, starting with a letter or digit, at least two of them',
  gpus: 'write all, or a list of device requests',
  pull_policy: 'write always, never, missing, if_not_present, build, daily, weekly or every_12h',
}

function unknownKey(tree: Tree, path: Path, key: string): ShapeProblem {
  const where = path.length === 0 ? 'at the top level' : `in ${formatPath(path)}`
  const hint = hintForUnknownKey(key, path)
  return {
    diagnostic: error('unknown-key', `"${key}" is not known ${where}`, { at: keySpan(tree, path, key), hint }),
    prune: [...path, key],
    detail: key,
  }
}

function badName(tree: Tree, path: Path, key: string): ShapeProblem {
  const message = `"${key}" cannot be a name in ${formatPath(path)}`
  const hint =
    path.at(-1) === 'ulimits' ? 'use lower-case letters only, e.g. nofile' : 'use letters, digits, ., _ and -'
  return {
    diagnostic: error('invalid-value', message, { at: keySpan(tree, path, key), hint }),
    prune: [...path, key],
    detail: key,
  }
}

function wrongType(tree: Tree, path: Path): ShapeProblem {
  const node = nearest(tree, path)
  const wanted = listed(typesOf(placeAt(path)).map((type) => TYPE_NOUNS[type] ?? type))
  const message = `${formatPath(path)} must be ${wanted}, but it is ${describeNode(node, path)}`
  const hint = hintForWrongType(node, path)
  return { diagnostic: error('wrong-type', message, { at: valueSpan(tree, path), hint }), prune: path, detail: '' }
}

function missingKey(tree: Tree, path: Path, key: string): ShapeProblem {
  return {
    diagnostic: error('missing-key', `${formatPath(path)} needs the key "${key}"`, { at: valueSpan(tree, path) }),
    prune: path,
    detail: key,
  }
}

function outside(tree: Tree, path: Path, hint: string | undefined): ShapeProblem {
  const message = `${formatPath(path)} cannot be ${describeNode(nearest(tree, path), path)}`
  return { diagnostic: error('invalid-value', message, { at: valueSpan(tree, path), hint }), prune: path, detail: '' }
}

function outOfRange(tree: Tree, path: Path, comparison: string, limit: number): ShapeProblem {
  const bound = comparison.startsWith('>') ? 'at least' : 'at most'
  const message = `${formatPath(path)} must be ${bound} ${limit}, but it is ${shown(tree, path)}`
  return { diagnostic: error('invalid-value', message, { at: valueSpan(tree, path) }), prune: path, detail: '' }
}

function describeNode(node: Tree, path: Path): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a mapping' : 'a list'
  if (node.value === null) return 'empty'
  const type = typeof node.value
  const secret = node.secret || namesSecret(String(path.at(-1)))
  if (secret) return type === 'string' ? 'a string' : `a ${type}`
  return type === 'boolean'
    ? String(node.value)
    : `the ${type} ${type === 'string' ? quoted(String(node.value)) : (node.text ?? node.value)}`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

function shown(tree: Tree, path: Path): string {
  const node = nearest(tree, path)
  return node.kind === 'scalar' ? String(node.value) : ''
}

function keySpan(tree: Tree, path: Path, key: string): Span {
  const parent = nearest(tree, path)
  return (parent.kind === 'map' ? parent.entries.get(key)?.keyAt : undefined) ?? parent.at
}

/** An empty value has no characters to point at: its key does. */
function valueSpan(tree: Tree, path: Path): Span {
  const node = nearest(tree, path)
  const key = path.at(-1)
  const parent = nearest(tree, path.slice(0, -1))
  const empty = node.at.line === node.at.endLine && node.at.col === node.at.endCol
  return empty && typeof key === 'string' && get(parent, key) === node ? keySpan(tree, path.slice(0, -1), key) : node.at
}
