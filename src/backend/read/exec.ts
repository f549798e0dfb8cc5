import type { Clock } from '../../execute/step-context.ts'
import type { AttachRequest, ExecRequest, Session } from '../session.ts'

export interface ExecReader {
  /** Runs a command in a running container, attached. */
  exec(id: string, request: ExecRequest, options: { clock: Clock; signal: AbortSignal }): Promise<Session>
  /** Attaches to the first process of a running container. */
  attach(id: string, request: AttachRequest, options: { clock: Clock; signal: AbortSignal }): Promise<Attached>
  /** Runs a command in a running container, detached. */
  execDetached(id: string, request: ExecRequest, signal: AbortSignal): Promise<void>
}

export interface Attached {
  session: Session
  /** Whether it runs in a terminal. */
  tty: boolean
  /** Whether standard input is connected. */
  stdin: boolean
}
