import { type Diagnostic, error, warning } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'
import { closest } from '../../diagnostics/suggest.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { MASK } from '../../stack/sensitive.ts'
import type { MapNode, ScalarNode, SeqNode, Tree } from '../../yaml/tree.ts'
import { withoutPairs } from '../tree/excerpt.ts'
import { newRoom, type Room, substitute } from './substitute.ts'
import type { Expression, TemplateProblem } from './template.ts'
import type { Variables } from './variables.ts'

/**
 * Replaces `$NAME` and `${NAME…}` in every string value of a file's tree, extensions included; keys stay unchanged (Compose
 * Specification, "12-interpolation"). A scalar with an interpolated variable becomes a string that records whether it is secret.
 * Each unset variable causes one warning; syntax errors and missing required variables are errors.
 */
export function interpolate(
  tree: Tree,
  variables: Variables,
  room: Room = newRoom(),
): { tree: Tree; diagnostics: Diagnostic[] } {
  const walk: Walk = { variables, room, done: new Map(), warned: new Set(), diagnostics: [] }
  return { tree: interpolateNode(tree, walk), diagnostics: walk.diagnostics }
}

interface Walk {
  variables: Variables
  room: Room
  /** Results for subtrees: aliases share them, and each problem is reported only once. */
  done: Map<Tree, Tree>
  warned: Set<string>
  diagnostics: Diagnostic[]
}

/** `key` is the key of the value. */
function interpolateNode(tree: Tree, walk: Walk, key = ''): Tree {
  if (tree.kind === 'scalar' && (typeof tree.value !== 'string' || !tree.value.includes('$'))) return tree
  const known = walk.done.get(tree)
  if (known) return known
  const result = interpolateChildren(tree, walk, key)
  walk.done.set(tree, result)
  return result
}

function interpolateChildren(tree: Tree, walk: Walk, key: string): Tree {
  switch (tree.kind) {
    case 'scalar':
      return interpolateScalar(tree, String(tree.value), walk, namesSecret(key))
    case 'seq':
      return interpolateItems(tree, walk)
    case 'map':
      return interpolateEntries(tree, walk)
  }
}

/** A list without variables is returned as it is. */
function interpolateItems(tree: SeqNode, walk: Walk): SeqNode {
  let changed = false
  const items = tree.items.map((item) => {
    const result = interpolateNode(item, walk)
    changed ||= result !== item
    return result
  })
  return changed ? { ...tree, items } : tree
}

function interpolateEntries(tree: MapNode, walk: Walk): MapNode {
  let entries: MapNode['entries'] | undefined
  for (const [key, { keyAt, value }] of tree.entries) {
    const result = interpolateNode(value, walk, key)
    if (result === value) continue
    entries ??= new Map(tree.entries)
    entries.set(key, { keyAt, value: result })
  }
  return entries ? { ...tree, entries } : tree
}

function interpolateScalar(node: ScalarNode, template: string, walk: Walk, secretKey: boolean): ScalarNode {
  const result = substitute(template, (name) => walk.variables.lookup(name)?.value, walk.room)
  const secretly = secretKey || withoutPairs(template) !== template
  for (const problem of result.problems) walk.diagnostics.push(problemAt(problem, node, template, secretly))
  for (const expression of result.unset) warnUnset(expression, node, template, walk)
  const { text: _, literal: __, ...rest } = node
  const secret = [...result.used].some(namesSecret) ? { secret: true as const } : {}
  return { ...rest, value: result.value, ...secret }
}

function problemAt(
  { code, message, hint, start, end }: TemplateProblem,
  node: ScalarNode,
  template: string,
  secretly: boolean,
): Diagnostic {
  const shown = secretly && code === 'interpolation-syntax' ? withoutExcerpts(message) : message
  return error(code, shown, { at: spanInside(node, template, start, end), hint })
}

/** In a password, text after a dollar sign may belong to the password. */
function withoutExcerpts(message: string): string {
  return message.replace(/`[^`]*`/, `\`\${${MASK}\``).replace(/the name \w+$/, 'the name')
}

function warnUnset({ name, start, end }: Expression, node: ScalarNode, template: string, walk: Walk): void {
  if (walk.warned.has(name)) return
  walk.warned.add(name)
  const near = closest(name, walk.variables.names())
  const remedy = near
    ? `did you mean "${near}"?`
    : `set it in .env or the environment, give a default: \${${name}:-value}, or write $$ for a literal dollar sign`
  const at = spanInside(node, template, start, end)
  walk.diagnostics.push(
    warning('variable-unset', `the variable ${name} is not set and defaults to an empty string`, { at, hint: remedy }),
  )
}

/** The span of part of a scalar if it is on one line without escapes, otherwise the whole scalar. */
function spanInside({ at, literal }: ScalarNode, value: string, start: number, end: number): Span {
  const quotes = at.endCol - at.col - value.length
  if (literal) return spanInBlock(at, value, start, end)
  if (at.line !== at.endLine || (quotes !== 0 && quotes !== 2)) return at
  const from = at.col + quotes / 2
  return { ...at, col: from + start, endCol: from + end }
}

/** In a block scalar (`|`), each line of the value is a line of the file with the common indentation removed. */
function spanInBlock(at: Span, value: string, start: number, end: number): Span {
  const lines = value.trimEnd().split('\n')
  const indent = at.endCol - 1 - (lines.at(-1)?.length ?? 0)
  const above = value.slice(0, start).split('\n')
  const [line, col] = [at.line + above.length, indent + 1 + (above.at(-1)?.length ?? 0)]
  if (lines.length !== at.endLine - at.line || indent < 0) return at
  const length = value.slice(start, end).split('\n')[0]?.length ?? 0
  return { file: at.file, line, col, endLine: line, endCol: col + length }
}
