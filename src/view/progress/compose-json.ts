import { type Diagnostic, isError } from '../../diagnostics/diagnostic.ts'
import type { RunEvent } from '../../execute/event.ts'
import type { Facts, View } from '../contract.ts'
import { jsonText } from '../redact/visible.ts'
import type { Terminal } from '../terminal.ts'
import { ComposeWords } from './compose-words.ts'

/** Prints the progress lines of `docker compose`, for programs that parse them. */
export function composeJsonView(terminal: Terminal, facts: Pick<Facts, 'engineName' | 'isDryRun'>): View {
  const print = (value: object) => terminal.err.write(`${jsonText(value)}\n`)
  const dry = facts.isDryRun ? { 'dry-run': true as const } : {}
  const words = new ComposeWords(facts)
  const problems = (diagnostics: readonly Diagnostic[]) => {
    for (const each of diagnostics) print(isError(each) ? failure(each) : { level: 'warning', msg: textOf(each) })
  }
  return {
    isForPrograms: true,
    emit(event) {
      // Clients count every line about running work as an action, e.g. Ansible's docker_compose_v2.
      if (event.type === 'step-progress') return
      if (event.type === 'plan') problems(event.notes)
      if (event.type === 'step-warning') problems([event.problem])
      for (const line of words.linesOf(event)) print({ ...dry, ...line, ...reason(event) })
    },
    problems,
    say: (text) => print({ level: 'info', msg: text }),
    beside: (print) => print(),
    async flush() {},
  }
}

function reason(event: RunEvent): { details?: string } {
  return event.type === 'step-fail' ? { details: textOf(event.problem) } : {}
}

function failure(problem: Diagnostic): object {
  return { error: true, message: textOf(problem) }
}

/** Formats a problem on one line, with its position first. */
function textOf({ at, message, hint }: Diagnostic): string {
  const place = at ? `${at.file}:${at.line}:${at.col}: ` : ''
  return `${place}${message}${hint ? ` (${hint})` : ''}`
}
