import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Emit } from '../execute/event.ts'
import type { Address } from '../stack/address.ts'
import type { Holder } from './lock/lock.ts'

/** Something that the user should know while a project is worked on, beside the events of a plan. */
export type Notice =
  /** Problems of the files or of the plan in spite of which the work goes on. */
  | { kind: 'problems'; problems: readonly Diagnostic[] }
  /** Another command holds the project's lock. */
  | { kind: 'waiting-for-command'; holder: Holder | undefined }
  /** An earlier command was killed while it stopped this container, or created what has this name; the engine is still at it. */
  | { kind: 'waiting-for-engine'; name: string; work: 'stop' | 'creation' | 'removal' }
  /** The engine does not answer a question about the state of things; repeated while that lasts. */
  | { kind: 'slow-engine'; text: string }
  /** Somebody else removed or stopped these containers meanwhile; the project is looked at again. */
  | { kind: 'disturbed'; containers: readonly Address[] }

/** Hears what happens while a project is worked on. */
export interface Listener {
  /** Work goes on once the result resolves. */
  notify(notice: Notice): void | Promise<void>
  /** Called before a plan is carried out; the result takes its events. */
  events(): Emit | Promise<Emit>
  /** Resolves once everything that was reported is where it belongs, such as on the terminal. */
  flush?(): Promise<void>
}
