import { type Checked, checked, failed } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { foreign } from '../diagnostics/foreign.ts'
import { ownCommand } from '../diagnostics/own-command.ts'
import type { Span } from '../diagnostics/span.ts'
import { closest } from '../diagnostics/suggest.ts'
import { parseYaml } from '../yaml/parse.ts'
import { get, type MapNode, nearest, type Path, type Tree, toData } from '../yaml/tree.ts'
import { isContentId } from './content-id.ts'
import { LOCK_VERSION, type Lock } from './model.ts'

/** A lock file that was read. */
export interface ReadLock {
  lock: Lock
  /** The place of a fact, or of its nearest parent. */
  spanOf(path: Path): Span
}

/** Reads a lock file. Everything that is wrong with it is reported with its place. */
export function readLock(text: string, file: string): Checked<ReadLock> {
  const parsed = parseYaml(text, file)
  if (!parsed.ok) return parsed
  const tree = parsed.value
  const problems = problemsIn(tree)
  if (problems.length > 0) return failed(...problems)
  return checked({ lock: lockIn(toData(tree) as Data), spanOf: (path) => nearest(tree, path).at }, parsed.warnings)
}

type Data = Record<string, never>

/** The sections of the stack. */
const STACK = ['services', 'networks', 'volumes', 'secrets', 'configs', 'models'] as const
const VERSION_KEY = 'flotilla-lock'
const KEYS = [VERSION_KEY, 'images', ...STACK, 'files', 'noted']

function lockIn(data: Data): Lock {
  const { images = {}, files = {}, noted = { flotilla: '' } } = data
  const stack = Object.fromEntries(STACK.flatMap((key) => (key in data ? [[key, data[key]]] : [])))
  return { images, files, noted, stack }
}

function problemsIn(tree: Tree): Diagnostic[] {
  if (tree.kind !== 'map') return [wrong(tree, 'a lock file is a mapping')]
  const version = get(tree, VERSION_KEY)
  if (version?.kind !== 'scalar' || version.value !== LOCK_VERSION) return [otherVersion(tree, version)]
  return [
    ...unknownKeys(tree),
    ...[...STACK, 'noted'].flatMap((key) => mappingAt(tree, key)),
    ...entriesOf(tree, 'images').flatMap(([key, value]) => imageProblems(key, value)),
    ...entriesOf(tree, 'files').flatMap(([key, value]) => fileProblems(key, value)),
    ...(get(tree, 'services') ? [] : [wrong(tree, 'it lists no services')]),
  ]
}

function otherVersion(tree: MapNode, version: Tree | undefined): Diagnostic {
  if (version === undefined)
    return wrong(tree, `it does not begin with ${VERSION_KEY}: it is not a lock file of flotilla`)
  const is = version.kind === 'scalar' ? foreign(String(version.value)) : 'something else'
  return wrong(version, `its format is ${is}; this version of flotilla reads ${LOCK_VERSION}`, {
    hint: `use a newer version of flotilla, or write it again: ${ownCommand('lock --update')}`,
  })
}

function unknownKeys(tree: MapNode): Diagnostic[] {
  return [...tree.entries].flatMap(([key, { keyAt }]) => {
    if (KEYS.includes(key)) return []
    const near = closest(key, KEYS)
    const hint = near && `did you mean "${near}"?`
    return [error('lock-invalid', `lock file: unknown key ${foreign(key)}`, { at: keyAt, hint })]
  })
}

function mappingAt(tree: MapNode, key: string): Diagnostic[] {
  const value = get(tree, key)
  return value === undefined || value.kind === 'map' ? [] : [wrong(value, `${key} is not a mapping`)]
}

/** Throws nothing: a section of another kind is one problem. */
function entriesOf(tree: MapNode, key: string): [string, Tree][] {
  const value = get(tree, key)
  if (value?.kind !== 'map') return value === undefined ? [] : [[key, value]]
  return [...value.entries].map(([name, entry]) => [name, entry.value])
}

function imageProblems(name: string, image: Tree): Diagnostic[] {
  const content = get(image, 'content')
  const isGood = content?.kind === 'scalar' && typeof content.value === 'string' && isContentId(content.value)
  if (!isGood) return [wrong(content ?? image, `image ${foreign(name)} has no content id (content-v1:…)`)]
  return isText(get(image, 'platform')) ? [] : [wrong(image, `image ${foreign(name)} has no platform`)]
}

function fileProblems(path: string, hash: Tree): Diagnostic[] {
  const isGood = hash.kind === 'scalar' && typeof hash.value === 'string' && /^sha256:[0-9a-f]{64}$/.test(hash.value)
  return isGood ? [] : [wrong(hash, `file ${foreign(path)} has no hash (sha256:…)`)]
}

function isText(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && typeof tree.value === 'string'
}

function wrong({ at }: Tree, message: string, details: { hint?: string } = {}): Diagnostic {
  return error('lock-invalid', `lock file: ${message}`, { at, ...details })
}
