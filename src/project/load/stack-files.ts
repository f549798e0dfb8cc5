import { resolve } from 'node:path'
import { unwrap } from '../../diagnostics/checked.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { type DiscoverInput, discover, filesNamed } from '../../load/discover/discover.ts'
import { readProjectName } from '../../load/discover/project-name.ts'
import { type Disk, realDisk } from '../../load/file/disk.ts'
import type { LoadInput } from '../../load/input.ts'
import { readVariables, variablesOf } from '../../load/variable/variables.ts'
import { isRemoteReference } from '../../stack/remote-reference.ts'
import type { Runtime, StackSource } from '../runtime.ts'
import type { FetchedFiles } from './fetched-files.ts'

/** A stack's files, and the options for loading them. */
export interface StackFiles {
  input: LoadInput
  /** Absolute; the project directory. */
  directory: string
  stdin?: string
  warnings: Diagnostic[]
}

interface Place {
  runtime: Runtime
  source: StackSource
  disk: Disk
  fetched: FetchedFiles
}

/** Finds the files that the source, the environment or the directory selects. Throws a StackError if there are none. */
export async function findFiles({ runtime, source, disk, fetched }: Place): Promise<StackFiles> {
  const place = placeOf(runtime, source)
  const named = filesNamed(place, disk)
  const found = discover({ ...place, fetched: await fetchedOf(named, fetched) }, disk)
  const discovered = unwrap(found)
  const stdin = discovered.files.includes('-') ? { stdin: await runtime.readStdin() } : {}
  const caller = isElsewhere(named, source) ? { callerDirectory: runtime.cwd } : {}
  const input = { ...discovered, ...inputOf(runtime, source), ...stdin, ...caller, remotes: fetched }
  return { input, directory: discovered.projectDirectory, warnings: found.ok ? found.warnings : [], ...stdin }
}

/** Whether the directory or one above it, the environment or the source names a stack file. */
export function namesStack(runtime: Runtime, source: StackSource): boolean {
  const found = discover(placeOf(runtime, source), realDisk())
  return found.ok || !found.diagnostics.some(({ code }) => code === 'no-stack-file')
}

function placeOf({ env, cwd }: Runtime, { file, envFile, projectDirectory }: StackSource): DiscoverInput {
  const place = { files: [...file], cwd, environment: env, envFiles: [...envFile] }
  return { ...place, ...(projectDirectory !== undefined && { projectDirectory }) }
}

/** Whether the first file, which determines the project directory, is in another place: the caller's directory then has the name. */
function isElsewhere(named: readonly string[], { projectDirectory }: StackSource): boolean {
  return projectDirectory === undefined && isRemoteReference(named.find((each) => each !== '-') ?? '')
}

async function fetchedOf(named: readonly string[], fetched: FetchedFiles): Promise<Map<string, string>> {
  const paths = new Map<string, string>()
  for (const each of named) if (isRemoteReference(each)) paths.set(each, await fetched.fetch(each))
  return paths
}

function inputOf(
  runtime: Runtime,
  source: StackSource,
): Omit<LoadInput, 'files' | 'projectDirectory' | 'startDirectory' | 'stdin'> {
  return {
    profiles: [...source.profile],
    ...(source.compatibility !== undefined && { compatibility: source.compatibility }),
    envFiles: source.envFile.map((file) => resolve(runtime.cwd, file)),
    environment: runtime.env,
    workingDirectory: runtime.cwd,
    ...(source.projectName !== undefined && { projectName: source.projectName }),
    ...(runtime.home !== undefined && { home: runtime.home }),
  }
}

/** The parts of a project that determine its name. */
interface Asked {
  source: StackSource
  runtime: Pick<Runtime, 'env' | 'cwd'>
  disk: Disk
  files(): Promise<StackFiles>
}

/** The project's name. Searches for files only if neither `-p` nor COMPOSE_PROJECT_NAME sets it. */
export async function nameOf(project: Asked): Promise<string> {
  const { disk } = project
  const { env, cwd } = project.runtime
  const named = project.source.projectName || env.COMPOSE_PROJECT_NAME
  if (named) return unwrap(readProjectName({ files: [], projectName: named }, variablesOf(env), disk, cwd))
  const { input, directory } = await project.files()
  const variables = unwrap(readVariables(input, disk, directory))
  return unwrap(readProjectName(input, variables, disk, input.callerDirectory ?? directory))
}

/** Looks up the project's variables; its env files are read on first use. */
export function variableReader({ input, directory }: StackFiles, disk: Disk): (name: string) => string | undefined {
  let variables: ReturnType<typeof readVariables> | undefined
  return (name) => {
    variables ??= readVariables(input, disk, directory)
    return variables.ok ? variables.value.lookup(name)?.value : undefined
  }
}
