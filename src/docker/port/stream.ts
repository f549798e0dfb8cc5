export interface EventFilter {
  /** `container`, `network`, `volume`, `image`. */
  types: string[]
  labels?: string[]
  /** Only what is past, as far as the engine remembers (its last 256 events): from that time to that one, in seconds since the epoch. */
  past?: { since: number; until: number }
  /** Seconds since the epoch. From a time on: what the engine remembers first. Until a time: the stream ends then. */
  since?: string
  until?: string
}

export interface EngineEvent {
  type: string
  /** `start`, `die`, `destroy`, `health_status: healthy`, … */
  action: string
  /** The id of the container, network, …. */
  id: string
  attributes: Record<string, string>
  /** Nanoseconds since the epoch, as the engine's clock has it. */
  timeNano: bigint
}

export interface EngineLogOptions {
  follow: boolean
  tail?: number
  timestamps: boolean
  /** Unix seconds (fractions allowed) or RFC 3339. */
  since?: string
  until?: string
}

export interface EngineLogLine {
  stream: 'stdout' | 'stderr'
  text: string
  time?: string
}

export interface ExecSpec {
  cmd: string[]
  env?: string[]
  user?: string
  workingDir?: string
  /** With all privileges on the host, whatever the container has. */
  privileged?: boolean
}

export interface InteractiveExec extends ExecSpec {
  /** Whether it is given input. */
  stdin: boolean
  /** Whether it runs in a terminal. */
  tty: boolean
  /** Whether somebody will take its output. */
  attached: boolean
  /** Of its terminal, from the first; engines before API 1.42 take it only once it runs. */
  size?: TerminalSize
  /** By which the engine ends the connection, in a terminal, e.g. `ctrl-p,ctrl-q`, which is the default. */
  detachKeys?: string
}

/** A program's input and output. */
export interface EngineStream {
  /** To be read once. In a terminal everything is stdout. Ends with the connection. */
  output: AsyncIterable<OutputChunk>
  /** Resolves when more may be sent; rejects once nothing can be sent any more. */
  write(bytes: Uint8Array): Promise<void>
  /** The input has an end; output goes on. */
  end(): void
  close(): void
}

export interface AttachOptions {
  stdin: boolean
  tty: boolean
  /** By which the engine ends the connection, e.g. `ctrl-p,ctrl-q`, which is the default. */
  detachKeys?: string
}

export interface OutputChunk {
  stream: 'stdout' | 'stderr'
  payload: Uint8Array
}

/** In characters. */
export interface TerminalSize {
  columns: number
  rows: number
}
