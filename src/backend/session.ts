/** A running program that a user interacts with. */
export interface Session {
  /** Can be read once. In a terminal, all output is stdout. Ends when the program's output ends. */
  output: AsyncIterable<Spoken>
  /** Resolves when the program can take more; rejects once its input is closed. */
  write(bytes: Uint8Array): Promise<void>
  /** Closes the input. */
  end(): void
  /** Detaches; the program continues. */
  close(): void
  /** Sets the terminal's size; does nothing if the program has ended. */
  resize(size: TerminalSize): Promise<void>
  /** Sends a signal by name, e.g. `SIGINT`; absent where that is impossible. */
  signal?(name: string): Promise<void>
  /** Stops the program as its container is stopped, and kills it after the grace period; absent where that is impossible. */
  stop?(): Promise<void>
  /** Whether the program could not be run: then the output is the backend's message. Absent if the backend reports this as an error. */
  couldNotRun?(): Promise<boolean>
  /** Resolves once the program has ended. */
  exitCode(): Promise<number>
}

export interface Spoken {
  stream: 'stdout' | 'stderr'
  payload: Uint8Array
}

/** In characters. */
export interface TerminalSize {
  columns: number
  rows: number
}

/** A command in a running container. */
export interface ExecRequest {
  command: string[]
  /** `NAME=value`, or `NAME` to unset a variable. */
  env: string[]
  user?: string
  workingDir?: string
  privileged: boolean
  /** In a terminal. */
  tty: boolean
  /** The terminal's initial size. */
  size?: TerminalSize
  /** Whether standard input is connected. */
  stdin: boolean
  /** The keys that detach in a terminal, e.g. `ctrl-p,ctrl-q`, which is the default. */
  detachKeys?: string
}

/** A request to attach to a container's first process. */
export interface AttachRequest {
  /** Whether standard input is connected, if the process takes any. */
  stdin: boolean
  /** The keys that detach, e.g. `ctrl-p,ctrl-q`. */
  detachKeys?: string
}
