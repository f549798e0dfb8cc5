import type { View } from '../contract.ts'
import { jsonText } from '../redact/visible.ts'
import type { Terminal } from '../terminal.ts'

/** Prints one JSON object per line, as described by schemas/events.schema.json. */
export function jsonView(terminal: Terminal): View {
  const print = (value: unknown) => terminal.err.write(`${jsonText(value)}\n`)
  return {
    isForPrograms: true,
    emit: print,
    problems(diagnostics) {
      for (const diagnostic of diagnostics) print({ type: 'problem', ...diagnostic })
    },
    say: (text) => print({ type: 'message', text }),
    beside: (print) => print(),
    async flush() {},
  }
}
