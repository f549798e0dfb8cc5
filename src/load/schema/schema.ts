import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { type MapNode, nearest, type Path, put, type ScalarValue, type Tree } from '../../yaml/tree.ts'
import { MOST_PROBLEMS } from '../findings.ts'
import validate, { type ShapeError } from '../generated/validate.js'
import { type Changes, pathOf, pointerTo, replaceAt } from './pointers.ts'
import { schemaAt, typesOf } from './shape.ts'
import { describe, diagnosticOf, type ShapeProblem } from './shape-problems.ts'

export interface Shaped {
  /** The tree without its invalid parts, and with strings converted to the types that the format requires. */
  tree: MapNode
  /** In file order, limited to the first ones. */
  diagnostics: Diagnostic[]
  /** The number of further problems. */
  unlisted: number
  /**
   * All problems, without messages. Their parts are removed from the tree; entries of `services`, `networks`, … are emptied, so that
   * their names stay.
   */
  problems: ShapeProblem[]
}

/**
 * Checks one file's tree, after interpolation, against schemas/stack.schema.json: every unknown key, wrong type, malformed
 * or missing value is an error with its span. Values marked `!reset` are not checked. An override may leave keys to the
 * files before it (check/required.ts).
 */
export function validateShape(tree: MapNode, overrides = false): Shaped {
  const errorsOf = overrides ? errorsOfOverride : allErrorsOf
  const errors = errorsOf(tree)
  const casts = castsFor(tree, errors)
  const cast = replaceAt(tree, casts)
  const remaining = casts.size > 0 ? errorsOf(cast) : errors
  const problems = remaining.flatMap((each) => describe(cast, pathOf(cast, each.instancePath), each) ?? [])
  const { listed, unlisted } = inFileOrder(problems)
  return { tree: prune(cast, problems), diagnostics: listed.map(diagnosticOf), unlisted, problems }
}

function allErrorsOf(tree: Tree): ShapeError[] {
  return validate(checkedData(tree)) ? [] : (validate.errors ?? [])
}

/** Mappings that are merged with those of earlier files. */
const MERGED = /^\/(?:services\/[^/]+\/(?:depends_on\/[^/]+|provider)|models\/[^/]+)$/

function errorsOfOverride(tree: Tree): ShapeError[] {
  return allErrorsOf(tree).filter(({ keyword, instancePath }) => keyword !== 'required' || !MERGED.test(instancePath))
}

/** `.inf` and `.nan` count as numbers, but not as integers or strings. */
function finite(value: ScalarValue): ScalarValue {
  return typeof value === 'number' && !Number.isFinite(value) ? 0.5 : value
}

/** A marker value that matches no type of the schema. */
const A_DATE = Symbol('date')

/** Converts a tree to plain data for the validator. */
function checkedData(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.date ? A_DATE : finite(tree.value)
  if (tree.kind === 'seq') return tree.items.map(checkedData)
  const data: Record<string, unknown> = {}
  for (const [key, { value }] of tree.entries) {
    if (value.tag !== '!reset') put(data, key, checkedData(value))
  }
  return data
}

/** Converts strings to the expected boolean or number: interpolated values are strings. */
function castsFor(tree: Tree, errors: readonly ShapeError[]): Changes {
  const casts: Changes = new Map()
  for (const { keyword, instancePath } of errors) {
    if (keyword !== 'type') continue
    const path = pathOf(tree, instancePath)
    const node = nearest(tree, path)
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || staysText(path)) continue
    const value = castTo(typesOf(schemaAt(path)), node.value)
    if (value !== undefined)
      casts.set(instancePath, { ...node, value, ...(String(value) !== node.value && { text: node.value }) })
  }
  return casts
}

/** Paths whose strings Compose does not convert. Source: compose-go, loader/interpolate.go. */
const NOT_CONVERTED =
  /^(?:models\.[^.]+\.context_size|services\.[^.]+\.(?:depends_on\.[^.]+\.(?:required|restart)|networks\.[^.]+\.(?:gw_)?priority|develop\.watch\.\d+\.initial_sync|use_api_socket))$/

/** Whether a string at the path is converted to a boolean or number after interpolation. */
export function isConverted(path: Path): boolean {
  return typesOf(schemaAt(path)).some((type) => ['boolean', 'integer', 'number'].includes(type)) && !staysText(path)
}

function staysText(path: Path): boolean {
  return NOT_CONVERTED.test(path.map((step) => String(step).replaceAll('.', '_')).join('.'))
}

/** The words that `docker compose` accepts as booleans (yaml.org/type/bool.html, in any case). */
const TRUE = /^(?:true|yes|y|on)$/i
const FALSE = /^(?:false|no|n|off)$/i

function castTo(types: readonly string[], text: string): ScalarValue | undefined {
  if (types.includes('boolean') && TRUE.test(text)) return true
  if (types.includes('boolean') && FALSE.test(text)) return false
  if (types.includes('integer') && /^[-+]?[0-9]+$/.test(text)) return Number(text)
  if (types.includes('number') && /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/i.test(text))
    return Number(text)
  return undefined
}

/** Invalid services, networks, … become empty mappings: others may refer to them, and each mistake is reported only once. */
function prune(tree: MapNode, problems: readonly ShapeProblem[]): MapNode {
  const changes: Changes = new Map()
  for (const { prune: path, code } of problems) {
    const declared = path.length === 2 && path[0] !== 'include' && code !== 'invalid-value'
    changes.set(pointerTo(path), declared ? { kind: 'map', entries: new Map(), at: nearest(tree, path).at } : undefined)
  }
  return replaceAt(tree, changes)
}

/**
 * The first problems, and the number of further ones. Aliases repeat the problems of their value: each is reported once, where the
 * value was written.
 */
export function inFileOrder(problems: readonly ShapeProblem[]): { listed: ShapeProblem[]; unlisted: number } {
  const once = new Map<string, ShapeProblem>()
  for (const problem of problems) {
    const { at, code, detail } = problem
    const key = `${at.file}:${at.line}:${at.col}:${code}:${detail}`
    if (!once.has(key)) once.set(key, problem)
  }
  const ordered = [...once.values()].sort((a, b) => a.at.line - b.at.line || a.at.col - b.at.col)
  return { listed: ordered.slice(0, MOST_PROBLEMS), unlisted: Math.max(0, ordered.length - MOST_PROBLEMS) }
}
