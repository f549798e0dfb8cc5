import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Emit } from '../execute/event.ts'
import type { Address } from '../stack/address.ts'
import type { Holder } from './lock/lock.ts'

/** A message for the user during work on a project, in addition to a plan's events. */
export type Notice =
  /** Problems of the files or of the plan that do not stop the command. */
  | { kind: 'problems'; problems: readonly Diagnostic[] }
  /** Another command holds the project's lock. */
  | { kind: 'waiting-for-command'; holder: Holder | undefined }
  /** A command was killed while it stopped this container, or created the thing with this name; the engine is still working on it. */
  | { kind: 'waiting-for-engine'; name: string; work: 'stop' | 'creation' | 'removal' }
  /** The engine does not answer an observation; repeated while that lasts. */
  | { kind: 'slow-engine'; text: string }
  /** Someone else removed or stopped these containers; the project is observed again. */
  | { kind: 'interference'; containers: readonly Address[] }

/** Receives reports during work on a project. */
export interface Listener {
  /** The work continues once the result resolves. */
  notify(notice: Notice): void | Promise<void>
  /** Called before a plan is executed; the result receives its events. */
  events(): Emit | Promise<Emit>
  /** Resolves once all reports are delivered, e.g. to the terminal. */
  flush?(): Promise<void>
}
