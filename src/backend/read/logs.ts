export interface LogReader {
  /** Log lines in order, followed on request. Ends when the container ends (unless a restart is followed) or the signal aborts. */
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
  /** RFC 3339 with nanoseconds, if requested. */
  time?: string
}
