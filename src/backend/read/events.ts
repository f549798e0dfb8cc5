export interface EventReader {
  /** Starts, ends and health changes of a project's containers from now on; resolves once the subscription is active. */
  changes(project: string, signal: AbortSignal): Promise<AsyncIterable<Change>>
  /** All events of a project's containers, from a remembered moment or from now on; ends at `until`. */
  occurrences(project: string, options: Window, signal: AbortSignal): Promise<AsyncIterable<Occurrence>>
  /**
   * The changes up to a time (milliseconds since the epoch) that the backend still remembers: at best some of the latest. Their
   * absence proves nothing. Undefined if the backend remembers none.
   */
  remembered?(project: string, until: number, signal: AbortSignal): Promise<PastChange[]>
}

/** Seconds since the epoch. */
interface Window {
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
  /** Excludes the labels that Compose and flotilla set themselves. */
  attributes: Readonly<Record<string, string>>
}

export interface Change {
  id: string
  /** The container's name, if the event has it. */
  name?: string
  service: string
  number: number
  oneoff: boolean
  action: 'start' | 'die' | 'health' | 'destroy' | 'create' | 'stop' | 'kill' | 'oom'
  exitCode?: number
  /** The signal of a `kill`: a number, or a name such as `KILL`. */
  signal?: string
  health?: 'healthy' | 'unhealthy' | 'starting'
}

/** `at`: milliseconds since the epoch. */
export type PastChange = Change & { at: number }
