import type { StackSource } from '../project/runtime.ts'
import type { Host } from './host.ts'

/** The name under which the user called the program, e.g. `docker compose`. */
export function calledAs({ calledAs: words = 'flotilla' }: Pick<Host, 'calledAs'>): string {
  return words
}

/** Help with the name under which the program was called, e.g. `docker compose up` instead of `flotilla up`. */
export function renamed(
  help: string,
  host: Pick<Host, 'calledAs'>,
  commands: Readonly<Record<string, unknown>>,
): string {
  if (host.calledAs === undefined) return help
  const words = ['help', 'COMMAND', ...Object.keys(commands)].join('|')
  const named = new RegExp(`(?<!docker |plugin )\\bflotilla (?=(?:${words})\\b|\\[)`, 'g')
  return help.replace(named, () => `${host.calledAs} `)
}

interface Called {
  /** As typed, e.g. `docker --context lab compose`. */
  calledAs: string
  source: StackSource
  /** The project's name, if it is known already. */
  project: string | undefined
}

/** The commands that cannot do without the stack file. */
const READ_THE_FILE = new Set(['up', 'create', 'run', 'scale', 'watch', 'plan', 'config', 'build', 'pull', 'push'])

/**
 * The beginning of a command line that the user can type, up to the command's name: the name under which the program was called, and the
 * flags that selected the stack. Standard input is gone: commands about what exists name the project instead.
 */
export function ownCommandLine({ calledAs, source, project }: Called, command: string): string {
  if (command === 'help') return `${calledAs} help`
  const isGone = source.file.includes('-') && !READ_THE_FILE.has(command) && project !== undefined
  const flags = flagsOf(isGone ? { ...source, file: [], projectName: project } : source)
  return [calledAs, ...flags.map(shellWord), command].join(' ')
}

function flagsOf({
  file,
  projectName,
  projectDirectory,
  envFile,
  profile,
  backend,
  compatibility,
}: StackSource): string[] {
  return [
    ...file.flatMap((each) => ['-f', each]),
    ...(projectName === undefined ? [] : ['-p', projectName]),
    ...(projectDirectory === undefined ? [] : ['--project-directory', projectDirectory]),
    ...envFile.flatMap((each) => ['--env-file', each]),
    ...profile.flatMap((each) => ['--profile', each]),
    ...(backend === undefined ? [] : ['--backend', backend]),
    ...(compatibility ? ['--compatibility'] : []),
  ]
}

/** Quotes a word for a POSIX shell if necessary. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
