import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Runtime } from '../project/runtime.ts'
import type { Terminal } from '../view/terminal.ts'

/** Everything that a command line needs from its process. main.ts passes the real one, tests pass another. */
export interface Host extends Runtime {
  /** Arguments after the program's name. */
  argv: readonly string[]
  /** The name of a docker CLI plugin that the program was called by: `flotilla`, `compose`. */
  plugin?: string
  /** Why the command line cannot be carried out, where that is known before it is read. */
  refusal?: Diagnostic
  /** Of flotilla itself. */
  version: string
  /** Called once the command line is read and before the command runs, with the command's name. */
  onCommand?(name: string): void
  terminal: Terminal
  interrupts: Interrupts
  console: Console
  /** A question on the terminal, answered with a line; absent where there is no user to ask. */
  ask?(question: string, signal: AbortSignal): Promise<string>
  /** Opens an address in the user's browser. Resolves to whether there is one. */
  openBrowser?(address: string): Promise<boolean>
  /** In full or not at all. Permission bits as in `chmod`; by default what the process gives new files. */
  writeFile(path: string, text: string, options?: { mode: number }): Promise<void>
  /** How this program was started, with absolute paths: starts commands again. */
  program?: readonly string[]
  /** Other processes of this program; absent where there are none. */
  processes?: Processes
  /** Undefined if no engine answers before the signal aborts. */
  engineVersion(signal: AbortSignal): Promise<EngineFacts | undefined>
}

export interface Processes {
  /** Of this process. */
  own: number
  /** Starts a command line in a new session, with its output appended to a file. Resolves once it reports that it is ready, or with its end. */
  begin(args: readonly string[], output: string): Promise<{ pid: number; ended?: number }>
  /** Reports to the process that started this one that it is ready. */
  ready(): void
  /** Asks one to end. */
  end(pid: number): void
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
