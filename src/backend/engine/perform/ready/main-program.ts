/** The main process of a container according to the kernel: its command line and its child processes. */
export interface MainProcess {
  words: string[]
  children: number[]
}

/** The files that are read of a process, after the tables of sockets. */
export function filesOf(pid: number): string[] {
  return [`/proc/${pid}/cmdline`, `/proc/${pid}/task/${pid}/children`]
}

/** @param text what `filesOf` hold: each word ends with a NUL, and the numbers of the children follow */
export function mainProcess(text: string): MainProcess {
  const words = text.split('\0')
  const children = [...(words.pop() ?? '').matchAll(/\d+/g)].map(([digits]) => Number(digits))
  return { words, children }
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh'])
const INITS: ReadonlySet<string> = new Set([
  'docker-init',
  'tini',
  'tini-static',
  'dumb-init',
  'catatonit',
  'podman-init',
])

/** The program that an init runs; undefined for a container without one. */
export function belowInit(main: MainProcess): number | undefined {
  return isOneOf(INITS, main) ? main.children[0] : undefined
}

/**
 * Whether a script is still at work beside a process that it started: what serves then may be a temporary server, also where others
 * reach it. A script that has come to its server has that alone, or has given way to it.
 * @param below the program that an init runs, for a container with one
 */
export function isPreparing(main: MainProcess, below?: MainProcess): boolean {
  if (!below) return isOneOf(SHELLS, main) && main.children.length > 1
  return isOneOf(SHELLS, below) && main.children.length + below.children.length > 2
}

function isOneOf(names: ReadonlySet<string>, { words: [program = ''] }: MainProcess): boolean {
  return names.has(program.slice(program.lastIndexOf('/') + 1).replace(/^-/, ''))
}
