import { join, resolve } from 'node:path'
import { type Checked, checked } from '../diagnostics/checked.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Disk } from './disk.ts'
import { type Dotenv, parseDotenv } from './dotenv.ts'
import type { LoadInput } from './loaded.ts'
import { readText } from './read.ts'

/** The variables that stack files may use. */
export interface Variables {
  /** `from` says where the value was set: `environment`, or the env file with its line. */
  lookup(name: string): { value: string; from: string } | undefined
  /** Sorted. */
  names(): string[]
}

type Environment = LoadInput['environment']

/** What of a LoadInput decides which variables there are. */
export type VariablesInput = Pick<LoadInput, 'environment' | 'envFiles' | 'workingDirectory'>

/**
 * The caller's environment, then the env files: `--env-file`, else COMPOSE_ENV_FILES, else the project directory's
 * `.env` unless COMPOSE_DISABLE_ENV_FILE says no. Later files win over earlier ones, the environment over all.
 */
export function readVariables(input: VariablesInput, disk: Disk, projectDirectory: string): Checked<Variables> {
  const fromFiles: Dotenv = new Map()
  const diagnostics: Diagnostic[] = []
  for (const file of envFilesOf(input, disk, projectDirectory)) {
    const earlier = new Map(fromFiles)
    const read = readEnvFile(disk, file, (name) => input.environment[name] ?? earlier.get(name)?.value)
    diagnostics.push(...(read.ok ? read.warnings : read.diagnostics))
    if (read.ok) for (const [name, value] of read.value) fromFiles.set(name, value)
  }
  return checked(variablesOf(input.environment, fromFiles), diagnostics)
}

function readEnvFile(disk: Disk, file: string, lookup: (name: string) => string | undefined): Checked<Dotenv> {
  const text = readText(disk, file)
  return text.ok ? parseDotenv(text.value, file, lookup) : text
}

/** Absolute paths, in the order in which they override each other. */
export function envFilesOf(
  { envFiles, environment, workingDirectory }: VariablesInput,
  disk: Disk,
  projectDirectory: string,
): string[] {
  if (envFiles.length > 0) return envFiles
  const named = (environment.COMPOSE_ENV_FILES ?? '').split(',').filter((file) => file !== '')
  if (named.length > 0) return named.map((file) => resolve(workingDirectory, file))
  if (isTrue(environment.COMPOSE_DISABLE_ENV_FILE)) return []
  const standard = join(projectDirectory, '.env')
  return disk.kind(standard) === 'file' ? [standard] : []
}

/** The words that docker compose takes for true in its own variables (Go's strconv.ParseBool). */
function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value)
}

/** Variables from an environment alone, or with those of env files behind it. */
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
