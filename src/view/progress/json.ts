import type { View } from '../contract.ts'
import { jsonText } from '../redact/visible.ts'
import type { Terminal } from '../terminal.ts'

/** The version of schemas/events.schema.json. It changes if a field gets another meaning or goes away. */
const VERSION = 1

/** Prints one JSON object per line, as described by schemas/events.schema.json. */
export function jsonView(terminal: Terminal): View {
  const print = (value: unknown) => terminal.err.write(`${jsonText(value)}\n`)
  return {
    isForPrograms: true,
    emit: ({ type, ...event }) => print({ type, ...(type === 'plan' && { version: VERSION }), ...event }),
    problems(diagnostics) {
      for (const diagnostic of diagnostics) print({ type: 'problem', ...diagnostic })
    },
    say: (text) => print({ type: 'message', text }),
    beside: (print) => print(),
    async flush() {},
  }
}
