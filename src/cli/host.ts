import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Runtime } from '../project/runtime.ts'
import type { Terminal } from '../view/terminal.ts'

/** Everything that a command line needs from its process. main.ts passes the real process, tests pass substitutes. */
export interface Host extends Runtime {
  /** Arguments after the program's name. */
  argv: readonly string[]
  /** The name of the docker CLI plugin under which the program was called: `flotilla`, `compose`. */
  plugin?: string
  /** The words with which a plugin was called, e.g. `docker --context lab compose`. */
  calledAs?: string
  /** The reason why the command line cannot be executed, if it is known before parsing. */
  refusal?: Diagnostic
  /** Flotilla's version. */
  version: string
  /** The address of a document that comes with the program, given its path in the package: `docs/library.md#functions`. */
  documentation(path: string): string
  /** Called with the command's name after parsing, before the command runs. */
  onCommand?(name: string): void
  terminal: Terminal
  interrupts: Interrupts
  console: Console
  /** Asks a question on the terminal and resolves to the answer line; absent if no user is present. */
  ask?(question: string, signal: AbortSignal): Promise<string>
  /** Lets the user choose any number of items from a list on the terminal, by name; absent if no user is present. */
  choose?(question: string, choices: readonly Choice[], signal: AbortSignal): Promise<string[]>
  /** Opens an address in the user's browser. Resolves to false if there is no browser. */
  openBrowser?(address: string): Promise<boolean>
  /** Writes a file completely or not at all. Permission bits as in `chmod`; by default those of the process's new files. */
  writeFile(path: string, text: string, options?: { mode: number }): Promise<void>
  /** The program and arguments that start this program, with absolute paths. */
  program?: readonly string[]
  /** Control of other processes of this program; absent if it is unsupported. */
  processes?: Processes
  /** Undefined if no engine answers before the signal aborts. */
  engineVersion(signal: AbortSignal): Promise<EngineFacts | undefined>
}

/** An item of a list from which the user chooses. */
export interface Choice {
  name: string
  about: string
}

/** Receives what happens on a terminal whose keys are read one by one. */
export interface KeyListener {
  /** A character, or the escape sequence of a special key. */
  pressed(key: string): void
  /** Called when the process continues after it was stopped: other programs may have printed in the meantime. */
  resumed(): void
}

interface Processes {
  /** The id of this process. */
  own: number
  /**
   * Starts a command line in a new session and appends its output to a file. Resolves once the process reports that it is ready, or
   * with its exit code.
   */
  begin(args: readonly string[], output: string): Promise<{ pid: number; ended?: number }>
  /** Reports to the parent process that this one is ready. */
  ready(): void
  /** Requests a process to end. */
  end(pid: number): void
}

export interface EngineFacts {
  version: string
  apiVersion: string
  os: string
  arch: string
}

/** Standard input and output for interactive programs: bytes, and the terminal if there is one. */
export interface Console {
  /** Whether standard input is a terminal. */
  isTTY(): boolean
  /** Standard input as it arrives, to be read once; ends with it, or when the signal aborts. */
  input(signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Resolves once the stream accepts more, or is lost. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void>
  /**
   * Switches to raw mode: every key, even Ctrl-C, is passed on at once and not echoed. Call the result to restore the terminal,
   * which also happens whenever the process ends.
   */
  raw(): () => void
  /**
   * Reads single keys without echo, while Ctrl-C and Ctrl-Z keep their meaning. Call the result to restore the terminal, which also
   * happens whenever the process stops or ends. Undefined if no keys can be read: no terminal, or a process in the background.
   */
  keys(listener: KeyListener): (() => void) | undefined
  /** Notifies of each change of the terminal's size; call the result to unsubscribe. */
  onResize(listener: () => void): () => void
}

/** Ctrl-C, as commands see it. */
export interface Interrupts {
  /** Aborts at the first Ctrl-C. The next one ends the process at once, unless a command awaits it through `next`. */
  signal: AbortSignal
  /** A signal for the Ctrl-C after those already requested. */
  next(): AbortSignal
  /** The first signal, by name (`SIGINT`). */
  first?(): string | undefined
  /** Passes signals to this process, by name (`SIGINT`), to the listener instead of interrupting; call the result to stop that. */
  divert(listener: (signal: string) => void): () => void
}
