export interface ExecCalls {
  /**
   * POST /containers/{id}/exec and /exec/{id}/start; output is stdout and stderr together, its last 64 KiB; `onOutput` gets all of it as it arrives.
   * A command that could not be run is refused with 400 and the engine's reason; one whose container does not run, or ends at that moment,
   * with 409, 404, 500 or 400, and one that was running then ends with 137.
   */
  exec(
    id: string,
    spec: ExecSpec,
    signal: AbortSignal,
    onOutput?: (chunk: OutputChunk) => void,
  ): Promise<{ exitCode: number; output: string }>
  /** POST /containers/{id}/exec; the result is what the following calls take. */
  createExec(id: string, spec: InteractiveExec, signal: AbortSignal): Promise<string>
  /** POST /exec/{id}/start, and nobody listens. */
  startExec(exec: string, options: { tty: boolean }, signal: AbortSignal): Promise<void>
  /** POST /exec/{id}/start, upgraded to a stream. */
  attachExec(exec: string, options: { tty: boolean }, signal: AbortSignal): Promise<EngineStream>
  /** GET /exec/{id}/json; it has begun once there has been a process, which there never was where the engine could not run the command. */
  inspectExec(exec: string, signal: AbortSignal): Promise<{ running: boolean; hasBegun: boolean; exitCode?: number }>
  /** POST /exec/{id}/resize; refused before its program runs. */
  resizeExec(exec: string, size: TerminalSize): Promise<void>
}

export interface AttachCalls {
  /** POST /containers/{id}/attach, upgraded to a stream: what the container prints from now on; before its start: everything. */
  attachContainer(id: string, options: AttachOptions, signal: AbortSignal): Promise<EngineStream>
  /** POST /containers/{id}/resize; refused for one that does not run. */
  resizeContainer(id: string, size: TerminalSize): Promise<void>
  /** POST /containers/{id}/wait. Resolves once the engine waits: an end after that is not missed. */
  waitContainer(
    id: string,
    until: 'next-exit' | 'removed',
    signal: AbortSignal,
  ): Promise<{ exitCode(): Promise<number> }>
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
