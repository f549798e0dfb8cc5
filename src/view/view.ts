import { maskProblems, maskSentence, type Secrets } from '../redact/mask-problem.ts'
import type { Facts, Mode, View } from './contract.ts'
import { maskedEvent } from './redact/masked.ts'
import type { Terminal } from './terminal.ts'

/** Loads the selected view. It receives only masked data. */
export async function createView(mode: Mode, terminal: Terminal, facts: Facts): Promise<View> {
  const view = await viewOf(mode, terminal, facts)
  const secrets = (): Secrets => ({ ...facts, sensitive: facts.sensitive(), keepsCommands: !view.isForPrograms })
  return {
    ...view,
    emit: (event) => view.emit(maskedEvent(event, secrets())),
    problems: (diagnostics) => view.problems(maskProblems(diagnostics, secrets())),
    say: (text) => view.say(maskSentence(text, secrets())),
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
    case 'compose':
      return (await import('./progress/compose.ts')).composeView(terminal, facts)
    case 'compose-json':
      return (await import('./progress/compose-json.ts')).composeJsonView(terminal, facts)
    case 'quiet':
      return (await import('./progress/quiet.ts')).quietView(terminal, facts)
  }
}
