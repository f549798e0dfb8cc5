import { SHORTEST } from '../redact/whole-word.ts'
import { rangesByWord, saidRanges } from '../stack/said-secrets.ts'
import { namesSecret } from '../stack/secret-names.ts'
import { type Range, urlRanges } from '../stack/secret-shapes.ts'
import { passwordsIn, type Sensitive, textsAt } from '../stack/sensitive.ts'
import type { MapNode, ScalarNode, Tree } from '../yaml/tree.ts'
import type { Contents } from './model/contents.ts'
import { namesIn } from './names.ts'
import { secretsInPairs } from './tree/excerpt.ts'
import { textOf } from './tree/nodes.ts'
import type { Variables } from './variable/variables.ts'

/** Mappings whose keys the user chooses, so that a key's name indicates its value. */
const FREE_KEYS = new Set(['environment', 'args', 'labels', 'annotations', 'options', 'driver_opts', 'storage_opt'])

/**
 * Finds the values of a canonical tree that must not be shown: values under keys that name secrets, values with such variables,
 * passwords in URLs, and the content of secrets. A value that the stack also uses openly, such as a service's name that is also a
 * password, does not count: masking it would only garble names.
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
    return { values: masked, paths: found.paths, said: found.saidAt, known: new Set(values), names }
  })
  return {
    get values() {
      return collected().values
    },
    get paths() {
      return collected().paths
    },
    get said() {
      return collected().said
    },
    get known() {
      return collected().known
    },
    get names() {
      return collected().names
    },
  }
}

/** Computed on first use: a command that prints nothing never needs it. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Finds the secrets in the files, valid or not, for messages about them. */
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

/** Values of variables that the files mention and whose names mark them as secret. */
function usedVariables(variables: Variables, texts: string): string[] {
  const used = variables.names().filter((name) => namesSecret(name) && texts.includes(name))
  return used.flatMap((name) => variables.lookup(name)?.value ?? [])
}

interface Found {
  values: Set<string>
  paths: Set<string>
  /** Keys, and values that are not secret. */
  open: Set<string>
  /** Search every value for `NAME=value`: invalid input may be anywhere. */
  pairs: boolean
  /** The secret ranges within a word of a command line, according to the whole command line. */
  said: Map<Tree, readonly Range[]>
  /** The same, by the word's path. */
  saidAt: Map<string, readonly Range[]>
}

function findIn(trees: Iterable<Tree>, pairs = false): Found {
  const found: Found = {
    values: new Set(),
    paths: new Set(),
    open: new Set(),
    pairs,
    said: new Map(),
    saidAt: new Map(),
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
  for (const [index, ranges] of rangesByWord(items.map(wordOf)).entries()) {
    const item = items[index]
    if (item) said.set(item, ranges)
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
  const inWord = found.said.get(node)
  const ranges = inWord ?? saidRanges(text)
  const passwords = [...passwordsIn(text), ...textsAt(text, ranges), ...(found.pairs ? secretsInPairs(text) : [])]
  for (const password of passwords) found.values.add(password)
  notePath(path, { ...(!named && !node.secret && { said: [...urlRanges(text), ...ranges] }), inWord: !!inWord }, found)
  if (named || (node.secret && passwords.length === 0)) found.values.add(text)
  else if (!node.secret && passwords.length === 0) found.open.add(text)
}

/** For a word, only its secret ranges count; any other value is secret as a whole. */
function notePath(path: readonly string[], { said, inWord }: { said?: Range[]; inWord: boolean }, found: Found): void {
  if (said?.length === 0) return
  if (said) found.saidAt.set(path.join('.'), said)
  if (!said || !inWord) found.paths.add(path.join('.'))
}

/** Splits a secret into lines, since views print line by line. Omits the armour lines of keys and certificates. */
function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST && !line.startsWith('-----'))
}
