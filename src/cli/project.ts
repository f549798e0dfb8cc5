import { resolve } from 'node:path'
import { unwrap } from '../diagnostics/checked.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { discover } from '../load/discover/discover.ts'
import { readProjectName } from '../load/discover/project-name.ts'
import { realDisk } from '../load/file/disk.ts'
import type { LoadInput } from '../load/input.ts'
import { readVariables, variablesOf } from '../load/variable/variables.ts'
import type { Globals } from './globals.ts'
import type { Host } from './host.ts'

/** The files of a stack and how they are to be loaded. */
export interface Project {
  input: LoadInput
  /** Absolute. */
  directory: string
  stdin?: string
  warnings: Diagnostic[]
}

/** Finds the files that the flags, the environment and the directory name. Throws StackError if there are none. */
export async function readProject(host: Host, globals: Globals): Promise<Project> {
  const found = discover(
    {
      files: globals.file,
      cwd: host.cwd,
      environment: host.env,
      envFiles: globals.envFile,
      ...(globals.projectDirectory !== undefined && { projectDirectory: globals.projectDirectory }),
    },
    realDisk(),
  )
  const { files, projectDirectory, startDirectory } = unwrap(found)
  const stdin = files.includes('-') ? await host.readStdin() : undefined
  const input: LoadInput = {
    files,
    projectDirectory,
    ...(startDirectory !== undefined && { startDirectory }),
    profiles: globals.profile,
    compatibility: globals.compatibility,
    envFiles: globals.envFile.map((file) => resolve(host.cwd, file)),
    environment: host.env,
    workingDirectory: host.cwd,
    ...(stdin !== undefined && { stdin }),
    ...(globals.projectName !== undefined && { projectName: globals.projectName }),
    ...(host.home !== undefined && { home: host.home }),
  }
  const warnings = found.ok ? found.warnings : []
  return { input, directory: projectDirectory, warnings, ...(stdin !== undefined && { stdin }) }
}

/** The project's name. Looks for files only if neither `-p` nor COMPOSE_PROJECT_NAME says it. */
export async function nameOf(host: Host, globals: Globals, project: () => Promise<Project>): Promise<string> {
  const named = globals.projectName || host.env.COMPOSE_PROJECT_NAME
  if (named)
    return unwrap(readProjectName({ files: [], projectName: named }, variablesOf(host.env), realDisk(), host.cwd))
  const { input, directory } = await project()
  const variables = unwrap(readVariables(input, realDisk(), directory))
  return unwrap(readProjectName(input, variables, realDisk(), directory))
}

/** What the project's variables hold; its env files are read when the first is asked for. */
export function variableReader({ input, directory }: Project): (name: string) => string | undefined {
  let variables: ReturnType<typeof readVariables> | undefined
  return (name) => {
    variables ??= readVariables(input, realDisk(), directory)
    return variables.ok ? variables.value.lookup(name)?.value : undefined
  }
}
