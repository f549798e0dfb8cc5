import { delimiter, dirname, join, resolve } from 'node:path'
import { type Checked, failed } from '../../diagnostics/checked.ts'
import { type Diagnostic, error, warning } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { isRemoteReference } from '../../stack/remote-reference.ts'
import { get } from '../../yaml/tree.ts'
import type { Disk } from '../file/disk.ts'
import { readStackFile } from '../file/read.ts'
import type { LoadInput } from '../input.ts'
import { readVariables, type Variables } from '../variable/variables.ts'
import { COMPOSE_NAMES, FOUND_NAMES, STACK_NAMES } from './found-names.ts'

const COMPOSE_OVERRIDES = [
  'compose.override.yaml',
  'compose.override.yml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]
const STACK_OVERRIDES = ['stack.override.yaml', 'stack.override.yml']

export interface DiscoverInput {
  /** `-f`, relative to `cwd`; `-` is standard input. */
  files: readonly string[]
  /** The absolute paths of files that are elsewhere, by their references. */
  fetched?: ReadonlyMap<string, string>
  /** `--project-directory`, relative to `cwd`. */
  projectDirectory?: string
  /** Absolute. */
  cwd: string
  environment: LoadInput['environment']
  /** `--env-file`, relative to `cwd`: may set COMPOSE_FILE. */
  envFiles?: readonly string[]
}

export interface Discovered {
  /** Absolute paths; later files override earlier ones; `-` is standard input. */
  files: string[]
  /** Absolute. */
  projectDirectory: string
  /** Absolute; only if neither files nor a project directory were given. */
  startDirectory?: string
}

/**
 * The files of a stack: `-f`, else COMPOSE_FILE (from the environment or an env file), else the first known name in the
 * nearest directory from `cwd` upwards, with its override file. Fails with `no-stack-file`.
 */
export function discover(input: DiscoverInput, disk: Disk): Checked<Discovered> {
  if (input.files.length > 0) return found(input, input.files, [])
  const start = resolve(input.cwd, input.projectDirectory ?? '.')
  const variables = variablesFor(input, disk, start)
  if (!variables.ok) return variables
  const named = namedFiles(variables.value)
  return named.length > 0 ? found(input, named, []) : search(input, disk, start)
}

/** The files that `-f` or COMPOSE_FILE names, as they are written; empty if the directories are searched. */
export function filesNamed(input: DiscoverInput, disk: Disk): string[] {
  if (input.files.length > 0) return [...input.files]
  const variables = variablesFor(input, disk, resolve(input.cwd, input.projectDirectory ?? '.'))
  return variables.ok ? namedFiles(variables.value) : []
}

function variablesFor(input: DiscoverInput, disk: Disk, start: string): Checked<Variables> {
  const envFiles = (input.envFiles ?? []).map((file) => resolve(input.cwd, file))
  return readVariables({ environment: input.environment, envFiles, workingDirectory: input.cwd }, disk, start)
}

/** References contain colons, the usual separator: without another one, a list that starts with a reference is this reference. */
function namedFiles(variables: Variables): string[] {
  const list = variables.lookup('COMPOSE_FILE')?.value ?? ''
  const own = variables.lookup('COMPOSE_PATH_SEPARATOR')?.value
  if (!own && isRemoteReference(list)) return [list]
  const separator = own || delimiter
  return list.split(separator).filter((file) => file !== '')
}

function found(input: DiscoverInput, files: readonly string[], warnings: Diagnostic[]): Checked<Discovered> {
  const absolute = files.map((file) => (file === '-' ? file : (input.fetched?.get(file) ?? resolve(input.cwd, file))))
  const first = absolute.find((file) => file !== '-')
  const standard = first === undefined ? input.cwd : dirname(first)
  const projectDirectory = input.projectDirectory === undefined ? standard : resolve(input.cwd, input.projectDirectory)
  const searched = input.files.length === 0 && input.projectDirectory === undefined
  const value = { files: absolute, projectDirectory, ...(searched && { startDirectory: input.cwd }) }
  return { ok: true, value, warnings }
}

function search(input: DiscoverInput, disk: Disk, start: string): Checked<Discovered> {
  for (let directory = start; ; directory = dirname(directory)) {
    const candidates = candidatesIn(disk, directory)
    const [first] = candidates
    if (first !== undefined) {
      const overrides = overridesOf(disk, directory, first)
      const warnings = [
        ...severalWarning(directory, candidates, 'stack'),
        ...severalWarning(directory, overrides, 'override'),
      ]
      return found(
        input,
        [first, ...overrides.slice(0, 1)].map((name) => join(directory, name)),
        warnings,
      )
    }
    if (directory === dirname(directory)) return failed(nothingFound(disk, start))
  }
}

function candidatesIn(disk: Disk, directory: string): string[] {
  const present = (name: string) => ['file', 'other'].includes(disk.kind(join(directory, name)))
  const ours = STACK_NAMES.filter(present).filter((name) => declaresServices(disk, join(directory, name)))
  return [...COMPOSE_NAMES.filter(present), ...ours]
}

/** Haskell's Stack uses `stack.yaml` too, so a file without `services` is ignored. A broken file is kept, so that its error is shown. */
function declaresServices(disk: Disk, file: string): boolean {
  const read = readStackFile(disk, file)
  return !read.ok || read.value.documents.some((document) => get(document, 'services') !== undefined)
}

function overridesOf(disk: Disk, directory: string, first: string): string[] {
  const names = STACK_NAMES.includes(first) ? STACK_OVERRIDES : COMPOSE_OVERRIDES
  return names.filter((name) => disk.kind(join(directory, name)) === 'file')
}

function severalWarning(directory: string, names: readonly string[], kind: string): Diagnostic[] {
  const [first] = names
  if (first === undefined || names.length < 2) return []
  const hint = `choose with -f, or keep only one`
  return [
    warning('several-files', `${directory} contains several ${kind} files: ${names.join(', ')}; using ${first}`, {
      hint,
    }),
  ]
}

function nothingFound(disk: Disk, start: string): Diagnostic {
  const names = FOUND_NAMES.join(', ')
  const near = disk.list(start).find((name) => /(?:compose|stack).*\.ya?ml$/i.test(name))
  const hint = near
    ? `specify it with -f ${near}`
    : `specify a file with -f, change to the directory that contains one, or write one with ${ownCommand('init')}`
  return error('no-stack-file', `no stack file in ${start} or any directory above it (looked for ${names})`, { hint })
}
