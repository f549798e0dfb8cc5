import type { Confirm } from '../project/project.ts'
import type { Host } from './host.ts'

/** Asks about the variables of a stack from elsewhere; undefined if no user is there to ask. `before` ends what is shown. */
export function confirmation(
  { ask, terminal: { err } }: Host,
  signal: AbortSignal,
  before: () => Promise<void>,
): Confirm | undefined {
  if (!ask) return undefined
  return async (variables) => {
    const [{ variablesTable }, { wrapAt }] = await Promise.all([
      import('../view/report/used-variables.ts'),
      import('../view/terminal.ts'),
    ])
    await before()
    const question = `${variablesTable(variables, wrapAt(err))}\nMay the stack use these variables? [y/N] `
    return isYes(await ask(question, signal))
  }
}

/** An empty line does not agree: `ask` returns one at the end of input too. */
export function isYes(answer: string): boolean {
  return /^y(?:es)?$/i.test(answer.trim())
}
