import type { Clock } from '../../execute/step-context.ts'
import type { ExecRequest, Session } from '../session.ts'

export interface ExecReader {
  /** A command in a container that runs, attached to. */
  exec(id: string, request: ExecRequest, options: { clock: Clock; signal: AbortSignal }): Promise<Session>
  /** A command in a container that runs, left to itself. */
  execDetached(id: string, request: ExecRequest, signal: AbortSignal): Promise<void>
}
