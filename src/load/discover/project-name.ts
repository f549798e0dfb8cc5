import { basename } from 'node:path'
import { type Checked, failed } from '../../diagnostics/checked.ts'
import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import type { Span } from '../../diagnostics/span.ts'
import { get, type ScalarNode, type Tree } from '../../yaml/tree.ts'
import type { Disk } from '../file/disk.ts'
import { parseStack, readStackFile, readText } from '../file/read.ts'
import type { LoadInput } from '../input.ts'
import { interpolate } from '../variable/interpolate.ts'
import { isEnabled, type Variables } from '../variable/variables.ts'
import { scanName } from './name-scan.ts'

const RULE = 'a name contains only lower-case letters, digits, - and _, and starts with a letter or digit'

/**
 * A stack's name: `-p`, else COMPOSE_PROJECT_NAME, else the last top-level `name` in the documents (interpolated), else the base
 * name of the project directory. As in `docker compose`, a name from a flag or variable must be valid; one from a file is normalized
 * with a warning, one from a directory without.
 * `documents` returns the parsed files in order, before interpolation; it is only called if the name may be in them.
 */
export function projectName(
  explicit: string | undefined,
  variables: Variables,
  documents: () => Checked<Tree[]>,
  projectDirectory: string,
): Checked<string> {
  if (explicit !== undefined && explicit !== '') return valid(explicit, 'the project name', {})
  const fromVariable = variables.lookup('COMPOSE_PROJECT_NAME')
  if (fromVariable?.value) return valid(fromVariable.value, 'COMPOSE_PROJECT_NAME', { from: fromVariable.from })
  const trees = documents()
  return trees.ok ? (nameInFiles(trees.value, variables) ?? nameOfDirectory(projectDirectory)) : trees
}

/** The same for commands that need no model (`ps`, `logs`, `down`): reads only the `name` from the files. */
export function readProjectName(
  input: Pick<LoadInput, 'files' | 'stdin' | 'projectName'>,
  variables: Variables,
  disk: Disk,
  projectDirectory: string,
): Checked<string> {
  return projectName(input.projectName, variables, () => readDocuments(input, disk), projectDirectory)
}

function readDocuments({ files, stdin }: Pick<LoadInput, 'files' | 'stdin'>, disk: Disk): Checked<Tree[]> {
  const documents: Tree[] = []
  for (const file of files) {
    const text = file === '-' ? undefined : readText(disk, file)
    const scanned = text?.ok ? scanName(text.value) : undefined
    if (scanned && scanned.name === undefined) continue
    // With an unquoted name, the rest of the file does not matter.
    const read = scanned ? parseStack(`name: ${scanned.name}`, file) : readStackFile(disk, file, stdin)
    if (!read.ok) return read
    documents.push(...read.value.documents)
  }
  return { ok: true, value: documents, warnings: [] }
}

function nameInFiles(documents: readonly Tree[], variables: Variables): Checked<string> | undefined {
  const written = documents
    .map((document) => get(document, 'name'))
    .findLast((name): name is ScalarNode => name?.kind === 'scalar' && name.value !== null)
  if (!written) return undefined
  const { tree, diagnostics } = interpolate(written, variables)
  if (diagnostics.some(({ severity }) => severity === 'error')) return failed(...diagnostics)
  const text = tree.kind === 'scalar' ? (tree.text ?? String(tree.value)) : ''
  const name = normalizeProjectName(text)
  if (text === '') return emptyName(written)
  if (name === text) return { ok: true, value: name, warnings: diagnostics }
  if (name === '') return valid(text, 'the stack name', { at: tree.at })
  const renamed = warning('invalid-value', `the stack name "${foreign(text)}" is changed to "${foreign(name)}"`, {
    at: tree.at,
    hint: RULE,
  })
  return { ok: true, value: name, warnings: [...diagnostics, renamed] }
}

/** `name: ""` is ignored; a name that is empty after interpolation is an error. */
function emptyName(written: ScalarNode): Checked<string> | undefined {
  if (written.value === '') return undefined
  const hint = 'set the variable in .env or the environment, or give a default: ${NAME:-value}'
  return failed(
    error('invalid-value', 'the stack name is empty once its variables are substituted', { at: written.at, hint }),
  )
}

function nameOfDirectory(projectDirectory: string): Checked<string> {
  const name = normalizeProjectName(basename(projectDirectory))
  if (name !== '') return { ok: true, value: name, warnings: [] }
  const hint = 'set a name with -p, COMPOSE_PROJECT_NAME or a top-level `name:`'
  return failed(
    error('invalid-value', `no project name can be derived from the directory ${projectDirectory}`, { hint }),
  )
}

/**
 * Normalizes any text to a project name, as `docker compose` does: lower case, only a-z, 0-9, _ and -, starting with a letter or
 * digit.
 */
export function normalizeProjectName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '')
}

function valid(name: string, what: string, { at, from }: { at?: Span; from?: string }): Checked<string> {
  const normal = normalizeProjectName(name)
  if (normal === name) return { ok: true, value: name, warnings: [] }
  const hint = normal ? `write "${foreign(normal)}"; ${RULE}` : RULE
  const place = from && from !== 'environment' ? ` (${from})` : ''
  return failed(error('invalid-value', `${what} "${foreign(name)}"${place} is invalid`, { at, hint }))
}

/** Whether container names are composed as in Compose 1: `--compatibility` or COMPOSE_COMPATIBILITY. */
export function isCompatible({ compatibility }: Pick<LoadInput, 'compatibility'>, variables: Variables): boolean {
  return compatibility === true || isEnabled(variables.lookup('COMPOSE_COMPATIBILITY')?.value)
}
