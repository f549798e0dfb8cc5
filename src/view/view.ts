import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Emit } from '../execute/event.ts'
import { maskProblems, maskSentence, type Secrets } from '../redact/mask-problem.ts'
import type { Address } from '../stack/address.ts'
import type { Sensitive } from '../stack/sensitive.ts'
import { maskedEvent } from './redact/masked.ts'
import type { Terminal } from './terminal.ts'

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

/** Loads the one view that is asked for. It gets to see nothing but what may be shown. */
export async function createView(mode: Mode, terminal: Terminal, facts: Facts): Promise<View> {
  const view = await viewOf(mode, terminal, facts)
  const secrets = (): Secrets => ({ ...facts, sensitive: facts.sensitive() })
  return {
    ...view,
    emit: (event) => view.emit(maskedEvent(event, secrets())),
    problems: (diagnostics) => view.problems(maskProblems(diagnostics, secrets())),
    say: (text) => view.say(maskSentence(text, facts.sensitive())),
  }
}

async function viewOf(mode: Mode, terminal: Terminal, facts: Facts): Promise<View> {
  switch (mode) {
    case 'tree':
      return (await import('./progress/tree.ts')).treeView(terminal, facts)
    case 'plain':
      return (await import('./progress/plain.ts')).plainView(terminal, facts)
    case 'json':
      return (await import('./progress/json.ts')).jsonView(terminal)
    case 'compose-json':
      return (await import('./progress/compose-json.ts')).composeJsonView(terminal, facts)
    case 'quiet':
      return (await import('./progress/quiet.ts')).quietView(terminal, facts)
  }
}
