import { foreign } from '../../diagnostics/foreign.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import { MASK } from '../../stack/sensitive.ts'
import type { Path, ScalarNode, Tree } from '../../yaml/tree.ts'
import { withoutPairs } from '../tree/excerpt.ts'
import { type SchemaNode, schemaAt, typesOf } from './shape.ts'

/** The schema's types in YAML's terms. */
export const TYPE_NOUNS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
}

/** Correct examples of lists and mappings that people often get wrong. */
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
  restart: 'write no, always, unless-stopped or on-failure',
  pull_policy: 'write always, never, missing or build',
  name: 'write a name of lower-case letters, digits, - and _',
}

/** Hints for strings with a format, by shared definition of the schema. */
const FORMS: Readonly<Record<string, string>> = {
  duration: 'write a number with a unit, e.g. 10s or 1m30s',
  bytes: 'write e.g. 512m or 1.5g',
  quantity: 'write e.g. 2 or 0.5',
}

/** A hint about the value that belongs at the path. */
export function hintForWrongType(node: Tree, path: Path, secret: boolean): string | undefined {
  const schema = schemaAt(path)
  const types = typesOf(schema)
  if (node.kind === 'scalar') return hintForScalar(node, path, schema, secret)
  if (node.kind === 'map' && typeof path.at(-1) === 'number' && types.includes('string')) return itemHint(node, path)
  const list = node.kind === 'seq' && path.length > 1 && types.includes('object')
  return list ? 'write `key: value` pairs instead of a list' : (example(path) ?? FORMS[schema?.name ?? ''])
}

function hintForScalar(
  node: ScalarNode,
  path: Path,
  schema: SchemaNode | undefined,
  secret: boolean,
): string | undefined {
  const { name: definition = '' } = schema ?? {}
  const types = typesOf(schema)
  const written = secret ? MASK : (node.text ?? String(node.value))
  if (node.value === null) return example(path) ?? 'give it a value, or remove the key'
  if (definition === 'duration' && typeof node.value === 'number') return `write a unit: "${foreign(`${written}s`)}"`
  if (typeof node.value === 'string') return hintForString(secret ? MASK : node.value, path, types)
  const form = example(path) ?? FORMS[definition]
  if (types.includes('string')) return form ?? `put it in quotes: "${foreign(written)}"`
  return example(path)
}

function hintForString(value: string, path: Path, types: string[]): string | undefined {
  const glued = /^([A-Za-z_][\w-]*):(\S.*)$/.exec(value)
  if (types.includes('object') && glued)
    return `write a space after the colon: \`${glued[1]}: ${namesSecret(glued[1] ?? '') ? MASK : foreign(glued[2] ?? '')}\``
  if (types.includes('array') && /^[^\n]{1,60}$/.test(value))
    return `write it as a list: \`- ${foreign(item(withoutPairs(value)))}\``
  if (types.includes('boolean')) return 'write true or false'
  return example(path)
}

function item(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text)
}

function itemHint(node: Tree, path: Path): string | undefined {
  const [key] = node.kind === 'map' ? node.entries.keys() : []
  const list = String(path.at(-2))
  if (/^(?:environment|labels|args|annotations|sysctls)$/.test(list))
    return `write \`- ${withoutPairs(key ?? '')}=value\`, or remove the dashes`
  return 'a colon followed by a space makes a mapping: put the whole text in quotes'
}

function example(path: Path): string | undefined {
  const key = path.at(-1)
  if (path.length === 1 && !['include', 'name', 'version'].includes(String(key)))
    return 'write each name below it, followed by a colon'
  if (path.length === 2 && path[0] === 'services')
    return 'give it an image, e.g. `image: nginx`, indented below the name'
  return typeof key === 'string' && Object.hasOwn(EXAMPLES, key) ? EXAMPLES[key] : undefined
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`
}
