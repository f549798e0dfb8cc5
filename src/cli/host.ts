import type { Backend } from '../backend/backend.ts'
import type { Reader } from '../backend/reader.ts'
import type { BackendOptions } from '../backend/registry.ts'
import type { Holder } from '../project/lock/lock.ts'
import type { Terminal } from '../view/terminal.ts'

/** What a command line needs of the process that it runs in. main.ts hands in the real one, tests one of their own. */
export interface Host {
  /** Arguments after the program's name. */
  argv: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  /** Absolute. */
  cwd: string
  home?: string
  /** Of flotilla itself. */
  version: string
  /** Called once the command line is read and before the command runs, with the command's name. */
  onCommand?(name: string): void
  terminal: Terminal
  interrupts: Interrupts
  console: Console
  /** Milliseconds since the epoch. */
  wallTime(): number
  readStdin(): Promise<string>
  /** A question on the terminal, answered with a line; absent where nobody can be asked. */
  ask?(question: string, signal: AbortSignal): Promise<string>
  /** In full or not at all. Permission bits as in `chmod`; by default what the process gives new files. */
  writeFile(path: string, text: string, options?: { mode: number }): Promise<void>
  openBackend(options: BackendOptions): Promise<Backend<unknown, unknown>>
  /** For commands that only look: it starts sooner. */
  openReader(): Promise<Reader>
  /** One command at a time for a project on an engine: waits for its turn. The result gives the turn to the next. */
  lock(project: string, command: string, options: LockWait): Promise<() => Promise<void>>
  /** Tells the engine that commands talk to from all others; absent: there is only one. */
  engineKey?(): Promise<string>
  /** How this program was begun, absolute: commands begin again with it. */
  program?: readonly string[]
  /** Other processes of this program; absent where there are none. */
  processes?: Processes
  /** Where state is kept between commands; absolute, and not there until something is written. */
  stateFolder: string
  /** Undefined if no engine answers before the signal aborts. */
  engineVersion(signal: AbortSignal): Promise<EngineFacts | undefined>
}

export interface Processes {
  /** Of this process. */
  own: number
  /** Begins a command line in a session of its own, its output added to a file. Resolves once it says that it is ready, or with its end. */
  begin(args: readonly string[], output: string): Promise<{ pid: number; ended?: number }>
  /** Tells who has begun this one that it is ready. */
  ready(): void
  /** Asks one to end. */
  end(pid: number): void
}

export interface LockWait {
  signal: AbortSignal
  onWait(holder: Holder | undefined): void
}

export interface EngineFacts {
  version: string
  apiVersion: string
  os: string
  arch: string
}

/** Standard input and output as a program talks and listens through them: bytes, and a terminal where there is one. */
export interface Console {
  /** Whether standard input is a terminal. */
  isTTY(): boolean
  /** Standard input as it comes, to be read once; ends with it, or when the signal aborts. */
  input(signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Resolves when there is room for more, or it is lost. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>
  /**
   * Hands every key on as it is pressed, unseen, Ctrl-C too, until the result is called; at the end of the process, however it ends, the
   * terminal is as it was before.
   */
  raw(): () => void
  /** Tells when the terminal has another size, until the result is called. */
  onResize(listener: () => void): () => void
}

/** Ctrl-C, as commands see it. */
export interface Interrupts {
  /** Aborts at the first Ctrl-C. The next one ends the process at once, unless a command has asked for it. */
  signal: AbortSignal
  /** A signal for the Ctrl-C after those that were asked for already. */
  next(): AbortSignal
  /** The first signal, by name (`SIGINT`). */
  first?(): string | undefined
  /** Signals to this process, by name (`SIGINT`), go to the listener and interrupt nothing, until the result is called. */
  divert(listener: (signal: string) => void): () => void
}
