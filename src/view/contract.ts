import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Emit } from '../execute/event.ts'
import type { Address } from '../stack/address.ts'
import type { Sensitive } from '../stack/sensitive.ts'

/** Tells the user what happens, on standard error. Asked-for data is not a view's business. */
export interface View {
  /** Takes the events of one run after the other. */
  emit: Emit
  problems(diagnostics: readonly Diagnostic[]): void
  /** One sentence about what the command does. */
  say(text: string): void
  /** Lets whole lines of something else, such as a log, be printed on the terminal, clear of what the view shows there. */
  beside(print: () => void): void
  /** Resolves once everything is on the terminal; the view stays usable. */
  flush(): Promise<void>
}

export type Mode = 'tree' | 'plain' | 'json' | 'compose-json' | 'quiet'

/** The facts that views need beside the events. Functions, because loading finds them while the view already exists. */
export interface Facts {
  sensitive(): Sensitive
  /** The text of a file that a problem points into. */
  sourceOf(file: string): string | undefined
  /** The value of a variable that a stack file may refer to, to hide it where the name suggests a secret. */
  variable?(name: string): string | undefined
  workingDirectory: string
  /** What the engine calls the subject of a step of a project. */
  engineName(address: Address, project: string): string
  /** Nothing is done. */
  isDryRun?: boolean
}
