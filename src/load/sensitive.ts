import { SHORTEST } from '../redact/whole-word.ts'
import { namesSecret, passwordsIn, type Sensitive, secretsInText, secretsInWords } from '../stack/sensitive.ts'
import type { MapNode, ScalarNode, Tree } from '../yaml/tree.ts'
import type { Contents } from './model/contents.ts'
import { namesIn } from './names.ts'
import { secretsInPairs } from './tree/excerpt.ts'
import { textOf } from './tree/nodes.ts'
import type { Variables } from './variable/variables.ts'

/** Mappings whose keys users choose, so that a key's name tells what its value is. */
const FREE_KEYS = new Set(['environment', 'args', 'labels', 'annotations', 'options', 'driver_opts', 'storage_opt'])

/**
 * What of a canonical tree must not be shown: values under keys that name secrets, values that took in such a variable,
 * passwords in URLs, and what secrets hold. A value that the stack also uses openly, such as a service's name that is a
 * password too, is no secret: blanking it out would only garble names.
 */
export function collectSensitive(
  tree: MapNode,
  contents: Contents,
  variables: Variables,
  texts: Iterable<string>,
): Sensitive {
  const collected = once(() => {
    const found = findIn([tree])
    const values = [...found.values, ...heldBySecrets(contents), ...usedVariables(variables, [...texts].join('\n'))]
    const names = new Set([...found.open, ...namesIn(tree)])
    const masked = closed(values, names)
    return { values: masked, paths: withUnmasked(found, masked), known: new Set(values), names }
  })
  return {
    get values() {
      return collected().values
    },
    get paths() {
      return collected().paths
    },
    get known() {
      return collected().known
    },
    get names() {
      return collected().names
    },
  }
}

/** Looked for when it is asked for: a command that prints nothing never does. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A secret that is masked wherever it stands needs no mask for the whole word around it. */
function withUnmasked({ paths, partly }: Found, masked: ReadonlySet<string>): Set<string> {
  const whole = [...partly].filter(([, said]) => said.some((each) => !masked.has(each)))
  return new Set([...paths, ...whole.map(([path]) => path)])
}

/** The same of what the files hold, right or wrong, for messages about it. */
export function secretsWritten(trees: readonly Tree[], variables: Variables, texts: Iterable<string>): Sensitive {
  const found = findIn(new Set(trees), true)
  const values = [...found.values, ...usedVariables(variables, [...texts].join('\n'))]
  const names = new Set([...found.open, ...[...trees].flatMap(namesIn)])
  return { values: closed(values, names), paths: new Set(), known: new Set(values), names }
}

function closed(values: readonly string[], names: ReadonlySet<string>): Set<string> {
  return new Set(values.filter((value) => value.length >= SHORTEST && !names.has(value)))
}

function heldBySecrets(contents: Contents): string[] {
  return [...contents].flatMap(([key, { text }]) =>
    key.startsWith('secret/') && text !== undefined ? linesOf(text) : [],
  )
}

/** Values of variables whose names say that they are secrets and which the files mention. */
function usedVariables(variables: Variables, texts: string): string[] {
  const used = variables.names().filter((name) => namesSecret(name) && texts.includes(name))
  return used.flatMap((name) => variables.lookup(name)?.value ?? [])
}

interface Found {
  values: Set<string>
  paths: Set<string>
  /** Keys, and values that are no secrets. */
  open: Set<string>
  /** `NAME=value` is looked for in every value: what is wrong may stand anywhere. */
  pairs: boolean
  /** What the command line that a word belongs to calls secret in it. */
  said: Map<Tree, readonly string[]>
  /** Words of command lines, of which only such a part is secret. */
  partly: Map<string, readonly string[]>
}

function findIn(trees: Iterable<Tree>, pairs = false): Found {
  const found: Found = {
    values: new Set(),
    paths: new Set(),
    open: new Set(),
    pairs,
    said: new Map(),
    partly: new Map(),
  }
  for (const tree of trees) walk(tree, [], false, found)
  return found
}

function walk(node: Tree, path: readonly string[], named: boolean, found: Found): void {
  if (node.kind === 'scalar') visit(node, path, named, found)
  else if (node.kind === 'map') walkMap(node, path, found)
  else {
    if (WORDS.has(path.at(-1) ?? '')) noteSaid(node.items, found)
    node.items.forEach((item, index) => {
      walk(item, [...path.slice(0, -1), `${path.at(-1)}[${index}]`], named, found)
    })
  }
}

/** Lists that are command lines. */
const WORDS = new Set(['command', 'entrypoint', 'test'])

function noteSaid(items: readonly Tree[], { said }: Found): void {
  const secrets = secretsInWords(items.map(wordOf))
  for (const item of items) {
    said.set(
      item,
      secrets.filter((each) => wordOf(item).includes(each)),
    )
  }
}

function wordOf(node: Tree): string {
  return node.kind === 'scalar' ? textOf(node) : ''
}

function walkMap(node: MapNode, path: readonly string[], found: Found): void {
  const free = FREE_KEYS.has(path.at(-1) ?? '')
  for (const [key, { value }] of node.entries) {
    found.open.add(key)
    walk(value, [...path, key], free && namesSecret(key), found)
  }
}

function visit(node: ScalarNode, path: readonly string[], named: boolean, found: Found): void {
  if (node.value === null || typeof node.value === 'boolean') return
  const text = textOf(node)
  const said = found.said.get(node)
  const own = [...passwordsIn(text), ...(said ? [] : secretsInText(text)), ...(found.pairs ? secretsInPairs(text) : [])]
  const passwords = [...own, ...(said ?? [])]
  for (const password of passwords) found.values.add(password)
  if (named || node.secret || own.length > 0) found.paths.add(path.join('.'))
  else if (said && said.length > 0) found.partly.set(path.join('.'), said)
  if (named || (node.secret && passwords.length === 0)) found.values.add(text)
  else if (!node.secret && passwords.length === 0) found.open.add(text)
}

/** The lines of a secret: views print by the line. The armour of keys and certificates is no secret. */
function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST && !line.startsWith('-----'))
}
