export interface LogReader {
  /** Log lines in order, following if asked. Ends when the container ends (unless following a restart) or the signal aborts. */
  logs(id: string, options: LogOptions, signal: AbortSignal): AsyncIterable<LogLine>
}

export interface LogOptions {
  follow: boolean
  /** Number of lines from the end; absent: all. */
  tail?: number
  timestamps: boolean
  since?: string
  until?: string
}

export interface LogLine {
  stream: 'stdout' | 'stderr'
  text: string
  /** RFC 3339 with nanoseconds, when asked for. */
  time?: string
}
