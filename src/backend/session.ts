/** A running program, as its user talks to it. */
export interface Session {
  /** To be read once. In a terminal everything is stdout. Ends when the program's output does. */
  output: AsyncIterable<Spoken>
  /** Resolves when the program can take more; rejects once it takes nothing any more. */
  write(bytes: Uint8Array): Promise<void>
  /** The input has an end. */
  end(): void
  /** Leaves the program to itself. */
  close(): void
  /** The terminal's size; quietly nothing where the program has ended. */
  resize(size: TerminalSize): Promise<void>
  /** A signal by name, e.g. `SIGINT`; absent where a program cannot be sent any. */
  signal?(name: string): Promise<void>
  /** Has the program stopped as its container is, and killed if it takes too long; absent where it cannot be. */
  stop?(): Promise<void>
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

/** A command in a container that runs. */
export interface ExecRequest {
  command: string[]
  /** `NAME=value`, or `NAME` for a variable that is to be unset. */
  env: string[]
  user?: string
  workingDir?: string
  privileged: boolean
  /** In a terminal. */
  tty: boolean
  /** Of that terminal, at the beginning. */
  size?: TerminalSize
  /** Whether it is given input. */
  stdin: boolean
}
