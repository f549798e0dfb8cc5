import type { Path, ScalarNode, Tree } from '../source/tree.ts'
import { placeAt, typesOf } from './shape.ts'

/** The types of the schema in YAML's words. */
export const TYPE_NOUNS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
}

/** How lists and mappings that people get wrong look when they are right. */
const EXAMPLES: Readonly<Record<string, string>> = {
  ports: 'write `- "8080:80"` below it',
  volumes: 'write `- data:/var/lib/data` below it',
  environment: 'write `NAME: value` below it',
  labels: 'write `name: value` below it',
  depends_on: 'write `- db` below it',
  networks: 'write `- front` below it',
  command: 'write a command line, or `["program", "argument"]`',
  entrypoint: 'write a command line, or `["program", "argument"]`',
  test: 'write a command line, or `["CMD", "program", "argument"]`',
  env_file: 'write `.env`, or a list of files',
  build: 'write the directory with the Dockerfile, or `context: .` below it',
  deploy: 'write e.g. `replicas: 2` below it',
  healthcheck: 'write e.g. `test: curl -f http://localhost` below it',
  logging: 'write `driver: local` below it',
}

/** How to write the value that belongs at the path instead of the one that is there. */
export function hintForWrongType(node: Tree, path: Path): string | undefined {
  const place = placeAt(path)
  const types = typesOf(place)
  if (node.kind === 'scalar') return hintForScalar(node, path, types, place?.name)
  if (node.kind === 'map' && typeof path.at(-1) === 'number' && types.includes('string')) return itemHint(node, path)
  if (node.kind === 'seq' && types.includes('object')) return 'write `key: value` pairs, without the dashes'
  return example(path)
}

function hintForScalar(
  node: ScalarNode,
  path: Path,
  types: string[],
  definition: string | undefined,
): string | undefined {
  const written = node.text ?? String(node.value)
  if (node.value === null) return example(path) ?? 'give it a value, or remove the key'
  if (definition === 'duration') return `write a unit: "${written}s"`
  if (typeof node.value === 'string') return hintForString(node.value, path, types)
  if (types.includes('string')) return `put it in quotes: "${written}"`
  return example(path)
}

function hintForString(value: string, path: Path, types: string[]): string | undefined {
  const glued = /^([A-Za-z_][\w-]*):(\S.*)$/.exec(value)
  if (types.includes('object') && glued) return `write a space after the colon: \`${glued[1]}: ${glued[2]}\``
  if (types.includes('array') && /^[^\n]{1,60}$/.test(value))
    return `write it as a list: \`- ${/^[\w./-]+$/.test(value) ? value : JSON.stringify(value)}\``
  if (types.includes('boolean')) return 'write true or false'
  return example(path)
}

function itemHint(node: Tree, path: Path): string | undefined {
  const [key] = node.kind === 'map' ? node.entries.keys() : []
  const list = String(path.at(-2))
  if (/^(?:environment|labels|args|annotations|sysctls)$/.test(list))
    return `write \`- ${key}=value\`, or drop the dashes`
  return 'a colon followed by a space makes a mapping: put the whole text in quotes'
}

function example(path: Path): string | undefined {
  const key = path.at(-1)
  if (path.length === 1 && key !== 'include') return 'write each name below it, followed by a colon'
  if (path.length === 2 && path[0] === 'services')
    return 'give it an image, e.g. `image: nginx`, indented below the name'
  return typeof key === 'string' && Object.hasOwn(EXAMPLES, key) ? EXAMPLES[key] : undefined
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}
