import { join, resolve } from 'node:path'
import { type Checked, checked, failed } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import type { Disk } from '../file/disk.ts'
import { readText } from '../file/read.ts'
import type { LoadInput } from '../input.ts'
import { parseDotenv } from './dotenv.ts'
import type { Dotenv } from './dotenv-state.ts'

/** The variables available to stack files. */
export interface Variables {
  /** `from` is the origin of the value: `environment`, or the env file with its line. */
  lookup(name: string): { value: string; from: string } | undefined
  /** Sorted. */
  names(): string[]
}

type Environment = LoadInput['environment']

/** The part of LoadInput from which the variables come. */
export type VariablesInput = Pick<
  LoadInput,
  'environment' | 'envFiles' | 'workingDirectory' | 'startDirectory' | 'callerDirectory'
>

/**
 * The caller's environment, then the env files: `--env-file`, else COMPOSE_ENV_FILES, where later files override earlier ones; else
 * the `.env` of the directory where the search for files starts and then that of the project, unless COMPOSE_DISABLE_ENV_FILE is
 * true.
 */
export function readVariables(input: VariablesInput, disk: Disk, projectDirectory: string): Checked<Variables> {
  const found = envFilesOf(input, disk, projectDirectory)
  if (!found.ok) return found
  const fromFiles: Dotenv = new Map()
  const diagnostics: Diagnostic[] = []
  for (const { file, wins } of found.value) {
    const read = readEnvFile(disk, file, (name) => input.environment[name] ?? fromFiles.get(name)?.value)
    diagnostics.push(...(read.ok ? read.warnings : read.diagnostics))
    for (const [name, value] of read.ok ? read.value : []) if (wins || !fromFiles.has(name)) fromFiles.set(name, value)
  }
  return checked(variablesOf(input.environment, fromFiles), diagnostics)
}

function readEnvFile(disk: Disk, file: string, lookup: (name: string) => string | undefined): Checked<Dotenv> {
  const text = readText(disk, file)
  return text.ok ? parseDotenv(text.value, file, lookup) : text
}

/** The absolute path of an env file, and whether it overrides the preceding ones. */
export interface EnvFile {
  file: string
  wins: boolean
}

/** The env files in reading order. */
export function envFilesOf(
  { envFiles, environment, workingDirectory, startDirectory = '', callerDirectory }: VariablesInput,
  disk: Disk,
  projectDirectory: string,
): Checked<EnvFile[]> {
  const listed = (environment.COMPOSE_ENV_FILES ?? '').split(',').filter((file) => file !== '')
  const named = envFiles.length > 0 ? envFiles : listed.map((file) => resolve(workingDirectory, file))
  if (named.length > 0)
    return checked(
      named.map((file) => ({ file, wins: true })),
      [],
    )
  const disabled = environment.COMPOSE_DISABLE_ENV_FILE
  if (disabled !== undefined && !/^(?:0|f|F|false|FALSE|False)$/.test(disabled))
    return isTrue(disabled) ? checked<EnvFile[]>([], []) : failed(neither(disabled))
  const searched = [...new Set([startDirectory || projectDirectory, projectDirectory])]
  const standard = (callerDirectory === undefined ? searched : [callerDirectory]).map((each) => join(each, '.env'))
  const present = standard.filter((file) => disk.kind(file) === 'file')
  return checked(
    present.map((file) => ({ file, wins: false })),
    [],
  )
}

/** The paths of the env files; later ones override earlier ones. */
export function weakestFirst(files: readonly EnvFile[]): string[] {
  const paths = files.map(({ file }) => file)
  return files.some(({ wins }) => wins) ? paths : paths.reverse()
}

/** The `--env-file` flags with which a command that sets `--file` and `--project-directory` reads the same variables. */
export function envFileFlags(input: VariablesInput, disk: Disk, projectDirectory: string): string[] {
  const { envFiles, callerDirectory, startDirectory = callerDirectory ?? projectDirectory } = input
  const found = envFilesOf(input, disk, projectDirectory)
  if (envFiles.length > 0 || startDirectory === projectDirectory || !found.ok) return envFiles
  return weakestFirst(found.value)
}

/** Values that docker compose reads as true in this variable (Go's strconv.ParseBool). */
function isTrue(value: string): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)
}

function neither(value: string): Diagnostic {
  const message = `COMPOSE_DISABLE_ENV_FILE is ${JSON.stringify(value.slice(0, 40))}, which is neither true nor false`
  return error('usage', message, { hint: 'set it to true or false' })
}

/** Whether the value of a `docker compose` variable that is off by default turns it on. */
export function isEnabled(value: string | undefined): boolean {
  return /^\s*(?:1|t|true|y)\s*$/i.test(value ?? '')
}

/** Variables from an environment, then from env files. */
export function variablesOf(environment: Environment, fromFiles: Dotenv = new Map()): Variables {
  return {
    lookup(name) {
      const own = Object.hasOwn(environment, name) ? environment[name] : undefined
      if (own !== undefined) return { value: own, from: 'environment' }
      const found = fromFiles.get(name)
      return found && { value: found.value, from: `${found.at.file}:${found.at.line}` }
    },
    names: () => [...new Set([...Object.keys(environment), ...fromFiles.keys()])].sort(),
  }
}
