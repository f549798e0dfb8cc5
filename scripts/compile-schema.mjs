// Compiles schemas/stack.schema.json into src/load/generated/validate.js: plain functions that need nothing at run time,
// and the schema itself for hints. Run by the build, and before tests.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const generated = join(root, 'src/load/generated')

/** Annotations are for editors; without them the compiled code is a third smaller. */
const ANNOTATIONS = new Set(['$schema', '$comment', 'title', 'description', 'deprecated', 'examples'])

const TYPES = `export interface ShapeError {
  keyword: string
  /** JSON pointer of the value in the data. */
  instancePath: string
  params: Record<string, unknown>
  /** Set where the error is about a key, not a value. */
  propertyName?: string
}
export interface Validate {
  (data: unknown): boolean
  errors?: ShapeError[] | null
}
declare const validate: Validate
export default validate
/** The part of JSON Schema that the stack schema uses. */
export interface Shape {
  $ref?: string
  $defs?: Readonly<Record<string, Shape>>
  type?: string | readonly string[]
  properties?: Readonly<Record<string, Shape>>
  additionalProperties?: boolean | Shape
  items?: Shape
}
/** The schema that was compiled, without annotations. */
export const SCHEMA: Shape
`

export async function compileSchema() {
  const schema = JSON.parse(readFileSync(join(root, 'schemas/stack.schema.json'), 'utf8'))
  const code = await standalone(strict(schema))
  mkdirSync(generated, { recursive: true })
  writeIfChanged('validate.js', code)
  writeIfChanged('validate.d.ts', TYPES)
}

async function standalone(schema) {
  const [{ default: ajv }, { default: toCode }] = await Promise.all([
    import('ajv'),
    import('ajv/dist/standalone/index.js'),
  ])
  const options = {
    allErrors: true,
    messages: false,
    inlineRefs: false,
    strict: true,
    allowUnionTypes: true,
    strictTypes: false,
  }
  const compiler = new ajv.Ajv({
    ...options,
    allowMatchingProperties: true,
    code: { source: true, esm: true, optimize: 2 },
  })
  const code = toCode.default(compiler, compiler.compile(schema))
  const [, schemaName] = /const (schema\d+) = /.exec(code) ?? []
  if (/\brequire\(|^import /m.test(code)) throw new Error('the compiled schema needs something at run time')
  const { transform } = await import('esbuild')
  const smaller = SHORTER.reduce((text, [long, short]) => text.replace(long, short), code)
  const result = await transform(`${smaller}\n${JOINED}\nexport const SCHEMA = ${schemaName}\n`, {
    minify: true,
    format: 'esm',
  })
  return result.code
}

/** What every run pays for with its start and nothing here reads: where in the schema and around what an error was found. */
const SHORTER = [
  [/,schemaPath:"[^"]*"/g, ''],
  [/\{instancePath="", parentData, parentDataProperty, rootData=data\}=\{\}/g, 'instancePath=""'],
  [/\{instancePath:([^{}]*?),parentData:[^{}]*?,rootData\}/g, '$1'],
  [/vErrors === null \? (validate\d+)\.errors : vErrors\.concat\(\1\.errors\)/g, 'joined(vErrors, $1.errors)'],
  [
    /const (err\d+) = (\{instancePath(?:(?!;if\(vErrors).)*\});if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}errors\+\+;/g,
    '(vErrors ??= []).push($2);errors++;',
  ],
]

/** Ajv copies the errors so far for each part that has some: the square of their number. */
const JOINED = `function joined(errors, more) {
  if (errors === null) return more
  for (const each of more) errors.push(each)
  return errors
}`

/** Without annotations, and without the strings that stand for other types: variables are replaced before validation. */
function strict(schema) {
  if (Array.isArray(schema)) return schema.map(strict)
  if (schema === null || typeof schema !== 'object') return schema
  const entries = Object.entries(schema).filter(([key, value]) => !ANNOTATIONS.has(key) || isSchema(value))
  const result = Object.fromEntries(entries.map(([key, value]) => [key, strict(value)]))
  if (typeof schema.$comment !== 'string') return result
  const { pattern: _, ...rest } = result
  const types = schema.type.filter((type) => type !== 'string')
  return { ...rest, type: types.length === 1 ? types[0] : types }
}

/** A property may be called like an annotation; its value is then a schema. */
function isSchema(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** An unchanged file keeps its time, so that nothing is rebuilt for it. */
function writeIfChanged(name, content) {
  const path = join(generated, name)
  try {
    if (readFileSync(path, 'utf8') === content) return
  } catch {
    // Not generated yet.
  }
  writeFileSync(path, content)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await compileSchema()
