import { resolve } from 'node:path'
import { recoverYamlDocuments } from '../../yaml/parse.ts'
import { get, type Tree } from '../../yaml/tree.ts'
import type { Disk } from '../file/disk.ts'
import type { LoadInput } from '../input.ts'
import { parseDotenv } from '../variable/dotenv.ts'
import { envFilesOf, readVariables, type Variables, variablesOf, weakestFirst } from '../variable/variables.ts'
import { type DiscoverInput, discover } from './discover.ts'
import { projectName } from './project-name.ts'

/** A project's name, found in the readable part of its files. */
export interface Guess {
  name: string
  /** Whether a file contains it, or no unreadable file can contain another one. */
  isSure: boolean
  /** Absolute path of the files' directory. */
  directory: string
}

/**
 * The name of a project whose files or variables have problems: containers can be stopped without a valid stack file. Undefined if
 * no name is found.
 */
export function guessName(input: DiscoverInput, disk: Disk): Guess | undefined {
  const start = resolve(input.cwd, input.projectDirectory ?? '.')
  const { env } = environmentDespite(input, disk, start)
  // These variables include those from env files with problems.
  const environment = { ...env, COMPOSE_DISABLE_ENV_FILE: '1', COMPOSE_ENV_FILES: '' }
  const found = discover({ ...input, envFiles: [], environment }, disk)
  if (!found.ok || found.value.files.includes('-')) return undefined
  const { files, projectDirectory } = found.value
  const { variables, isWhole } = environmentDespite(input, disk, projectDirectory)
  const read = files.map((file) => documentsDespite(file, disk))
  const name = projectName(undefined, variables, () => gathered(read), projectDirectory)
  const isSure = saysName(read) || (isWhole && read.every((each) => each !== undefined))
  return name.ok ? { name: name.value, isSure, directory: projectDirectory } : undefined
}

/**
 * The name without `-p` and the environment's COMPOSE_PROJECT_NAME, if there is one, and whether it comes from the files rather than
 * from their directory.
 */
export function ownName(input: LoadInput, directory: string, disk: Disk): { name?: string; isWritten: boolean } {
  const { COMPOSE_PROJECT_NAME: _, ...environment } = input.environment
  const variables = readVariables({ ...input, environment }, disk, directory)
  if (!variables.ok) return { isWritten: false }
  const read = input.files.map((file) => (file === '-' ? [] : documentsDespite(file, disk)))
  const name = projectName(undefined, variables.value, () => gathered(read), input.callerDirectory ?? directory)
  return { ...(name.ok && { name: name.value }), isWritten: saysName(read) }
}

function saysName(read: readonly (Tree[] | undefined)[]): boolean {
  return read.some((documents) => documents?.some((each) => get(each, 'name')))
}

function gathered(read: readonly (Tree[] | undefined)[]) {
  return { ok: true as const, value: read.flatMap((each) => each ?? []), warnings: [] }
}

interface Environment {
  env: LoadInput['environment']
  variables: Variables
  /** Whether every env file could be read. */
  isWhole: boolean
}

/** The variables that determine the project's name, from env files with problems. */
function environmentDespite(
  { environment, envFiles = [], cwd }: DiscoverInput,
  disk: Disk,
  directory: string,
): Environment {
  const input = { environment, envFiles: envFiles.map((file) => resolve(cwd, file)), workingDirectory: cwd }
  const whole = readVariables(input, disk, directory)
  const found = envFilesOf(input, disk, directory)
  const files = (found.ok ? weakestFirst(found.value) : []).map((file) => projectLines(file, disk))
  const env = { ...Object.fromEntries(files.flatMap((each) => each ?? [])), ...environment }
  const isWhole = files.every((each) => each !== undefined)
  return { env, isWhole, variables: whole.ok ? whole.value : variablesOf(env) }
}

/** Undefined for a file that cannot be read. */
function projectLines(file: string, disk: Disk): [string, string][] | undefined {
  return textOf(file, disk)
    ?.split(/\r\n?|\n/)
    .flatMap((line) => {
      const parsed = PROJECT_LINE.test(line) ? parseDotenv(line, file, () => undefined) : undefined
      return parsed?.ok ? [...parsed.value].map(([name, { value }]): [string, string] => [name, value]) : []
    })
}

const PROJECT_LINE = /^\s*(?:export\s+)?COMPOSE_(?:FILE|PATH_SEPARATOR|PROJECT_NAME)=/

/** Undefined for a file that cannot be read, or that may set a name in a way that cannot be parsed. */
function documentsDespite(file: string, disk: Disk): Tree[] | undefined {
  const text = textOf(file, disk)
  if (text === undefined) return undefined
  const { documents } = recoverYamlDocuments(text, file)
  if (documents) return documents
  const lines = text.split(/\r\n?|\n/).filter((line) => !/^[ \t]*(?:#|$)/.test(line))
  if (lines.some((line) => line.startsWith('{'))) return undefined
  const name = lines.findLast((line) => NAME_LINE.test(line))
  return name === undefined ? [] : recoverYamlDocuments(name, file).documents
}

const NAME_LINE = /^(?:name|"name"|'name')[ \t]*:/

/** Replaces invalid UTF-8, which names never contain. */
function textOf(file: string, disk: Disk): string | undefined {
  try {
    return new TextDecoder().decode(disk.readFile(file))
  } catch {
    // Missing, a directory, or not readable.
    return undefined
  }
}
