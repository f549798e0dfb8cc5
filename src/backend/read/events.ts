export interface EventReader {
  /** Starts, ends and health changes of a project's containers from now on; resolves once the subscription stands. */
  changes(project: string, signal: AbortSignal): Promise<AsyncIterable<Change>>
  /** Everything that happens to a project's containers, from a moment that is remembered or from now on; it ends at `until`. */
  occurrences(project: string, options: Window, signal: AbortSignal): Promise<AsyncIterable<Occurrence>>
  /**
   * The changes that the backend still remembers up to a time, in milliseconds since the epoch: some of the latest at best. They say
   * what happened, but never what did not. Absent if it remembers none.
   */
  remembered?(project: string, until: number, signal: AbortSignal): Promise<PastChange[]>
}

/** Seconds since the epoch. */
export interface Window {
  since?: string
  until?: string
}

export interface Occurrence {
  /** Nanoseconds since the epoch. */
  time: bigint
  /** `start`, `exec_create: sh`, … */
  action: string
  id: string
  service: string
  oneoff: boolean
  /** Without the labels of Compose. */
  attributes: Readonly<Record<string, string>>
}

export interface Change {
  id: string
  /** Of the container, where the event says it. */
  name?: string
  service: string
  number: number
  oneoff: boolean
  action: 'start' | 'die' | 'health' | 'destroy' | 'create' | 'stop' | 'kill' | 'oom'
  exitCode?: number
  /** Of a `kill`: a number, or a name such as `KILL`. */
  signal?: string
  health?: 'healthy' | 'unhealthy' | 'starting'
}

/** `at`: milliseconds since the epoch. */
export type PastChange = Change & { at: number }
