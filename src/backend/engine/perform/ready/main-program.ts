/** A container's main process according to the kernel: its command line and its child processes. */
export interface MainProcess {
  words: string[]
  children: number[]
}

/** The /proc files to read for a process, after the socket tables. */
export function filesOf(pid: number): string[] {
  return [`/proc/${pid}/cmdline`, `/proc/${pid}/task/${pid}/children`]
}

/** @param text the content of `filesOf`: NUL-terminated words, then the numbers of the children */
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

/** The process id of the program that an init runs; undefined for a container without an init. */
export function belowInit(main: MainProcess): number | undefined {
  return isOneOf(INITS, main) ? main.children[0] : undefined
}

/**
 * Whether a script still runs alongside a process that it started: a server may then be temporary, even if it is reachable from
 * outside. Once a script has started the final server, that is its only child, or has replaced it.
 * @param below the program that an init runs, if the container has an init
 */
export function isPreparing(main: MainProcess, below?: MainProcess): boolean {
  if (!below) return isOneOf(SHELLS, main) && main.children.length > 1
  return isOneOf(SHELLS, below) && main.children.length + below.children.length > 2
}

export function isScript(process: MainProcess): boolean {
  return isOneOf(SHELLS, process)
}

/** Whether it is still the same program with the same children. */
export function isSameProcess(one: MainProcess, other: MainProcess): boolean {
  return one.words.join('\0') === other.words.join('\0') && one.children.join() === other.children.join()
}

function isOneOf(names: ReadonlySet<string>, { words: [program = ''] }: MainProcess): boolean {
  return names.has(program.slice(program.lastIndexOf('/') + 1).replace(/^-/, ''))
}
