import type { Reader } from '../../backend/reader.ts'
import type { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, isError, warning } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { guessName } from '../../load/discover/guess-name.ts'
import type { Disk } from '../../load/file/disk.ts'
import { isRemoteReference } from '../../stack/remote-reference.ts'
import type { Runtime, StackSource } from '../runtime.ts'

/** The parts of a project that determine its name. */
interface Asked {
  source: StackSource
  runtime: Pick<Runtime, 'env' | 'cwd'>
  disk: Disk
  signal: AbortSignal
  reader(): Promise<Reader>
}

/** `flotilla config` shows the rest. */
const MOST_SHOWN = 5

/**
 * The project's name despite problems in its files. If an unreadable part may contain another name, this one counts only if
 * containers with that name were brought up from the same directory; otherwise the problems are thrown.
 */
export async function nameDespite(project: Asked, problems: StackError): Promise<string> {
  const { env, cwd } = project.runtime
  const { file, envFile, projectDirectory, projectName } = project.source
  if (projectName || env.COMPOSE_PROJECT_NAME || file.some(isRemoteReference)) throw problems
  const place = { cwd, environment: env, ...(projectDirectory !== undefined && { projectDirectory }) }
  const guess = guessName({ ...place, files: [...file], envFiles: [...envFile] }, project.disk)
  if (guess && (guess.isSure || (await isFrom(project, guess.name, guess.directory)))) return guess.name
  throw problems
}

async function isFrom(project: Asked, name: string, directory: string): Promise<boolean> {
  try {
    const reader = await project.reader()
    const replicas = await reader.list(name, { all: true }, project.signal)
    return replicas.some(({ origin }) => origin.workingDir === directory)
  } catch {
    // Without an engine nothing is known, and the files' problems take precedence.
    return false
  }
}

/** The first problems of the files, as warnings, with the reason why the command continues. */
export function inSpiteOf(found: readonly Diagnostic[], message: string): Diagnostic[] {
  const hint = found.length > MOST_SHOWN ? { hint: `${ownCommand('config')} shows all problems` } : {}
  return [...asWarnings(found).slice(0, MOST_SHOWN), warning('from-labels', message, hint)]
}

function asWarnings(found: readonly Diagnostic[]): Diagnostic[] {
  return found.filter(isError).map((each) => ({ ...each, severity: 'warning' }))
}
