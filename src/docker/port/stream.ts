export interface StreamCalls {
  /** GET /events. Resolves once the response's headers are there: from then on nothing is missed. */
  events(filter: EventFilter, signal: AbortSignal): Promise<AsyncIterable<EngineEvent>>
  /** GET /containers/{id}/logs, frames taken apart into lines. */
  logs(id: string, options: EngineLogOptions, signal: AbortSignal): AsyncIterable<EngineLogLine>
}

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
