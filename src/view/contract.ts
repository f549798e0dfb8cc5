import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { OwnCommandLine } from '../diagnostics/own-command.ts'
import type { Emit } from '../execute/event.ts'
import type { Address } from '../stack/address.ts'
import type { Sensitive } from '../stack/sensitive.ts'

/** Reports progress and problems to the user on standard error. Requested data does not pass through views. */
export interface View {
  /** Whether programs read the output: sentences come without the marks of commands. */
  isForPrograms?: true
  /** Receives the events of consecutive runs. */
  emit: Emit
  problems(diagnostics: readonly Diagnostic[]): void
  /** Prints a sentence about the command's progress. */
  say(text: string): void
  /** Calls `print`, which may print complete lines on the terminal, e.g. of a log, without disturbing the view's display. */
  beside(print: () => void): void
  /** Resolves once everything is on the terminal; the view remains usable. */
  flush(): Promise<void>
}

export type Mode = 'tree' | 'plain' | 'json' | 'compose' | 'compose-json' | 'quiet'

/** The facts that views need in addition to events. Functions, because loading finds them after the view is created. */
export interface Facts {
  sensitive(): Sensitive
  /** The text of a file to which a problem refers. */
  sourceOf(file: string): string | undefined
  /** The value of a variable available to stack files, to mask it if the name suggests a secret. */
  variable?(name: string): string | undefined
  /** Completes the commands in sentences. */
  ownCommand?: OwnCommandLine
  workingDirectory: string
  /** The engine's name for the subject of a step. */
  engineName(address: Address, project: string): string
  /** Whether this is a dry run. */
  isDryRun?: boolean
}
