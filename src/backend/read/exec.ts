import type { Clock } from '../../execute/step-context.ts'
import type { AttachRequest, ExecRequest, Session } from '../session.ts'

export interface ExecReader {
  /** A command in a container that runs, attached to. */
  exec(id: string, request: ExecRequest, options: { clock: Clock; signal: AbortSignal }): Promise<Session>
  /** The first process of a container that runs, from now on. */
  attach(id: string, request: AttachRequest, options: { clock: Clock; signal: AbortSignal }): Promise<Attached>
  /** A command in a container that runs, left to itself. */
  execDetached(id: string, request: ExecRequest, signal: AbortSignal): Promise<void>
}

export interface Attached {
  session: Session
  /** It runs in a terminal. */
  tty: boolean
  /** It takes input, and is given it. */
  stdin: boolean
}
