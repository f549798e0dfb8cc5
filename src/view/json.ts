import type { FieldChange } from '../plan/step.ts'
import type { RunEvent } from '../run/event.ts'
import { redactDeep } from '../stack/sensitive.ts'
import { maskChange } from './hide.ts'
import { maskProblem, type Secrets } from './mask-problem.ts'
import type { Terminal } from './terminal.ts'
import type { Facts, View } from './view.ts'

/** One JSON object a line, as schemas/events.schema.json describes them. */
export function jsonView(terminal: Terminal, facts: Facts): View {
  const print = (value: unknown) => terminal.err.write(`${JSON.stringify(redactDeep(value, facts.sensitive()))}\n`)
  return {
    emit: (event) => print(withMaskedProblems(withMaskedChanges(event), secretsOf(facts))),
    problems(diagnostics) {
      for (const diagnostic of diagnostics) print({ type: 'problem', ...maskProblem(diagnostic, secretsOf(facts)) })
    },
    say: (text) => print({ type: 'message', text }),
    beside: (print) => print(),
    async flush() {},
  }
}

function withMaskedChanges(event: RunEvent): RunEvent {
  if (event.type !== 'plan') return event
  const mask = (changes: FieldChange[] | undefined) => (changes ? { changes: changes.map(maskChange) } : {})
  return { ...event, steps: event.steps.map(({ changes, ...step }) => ({ ...step, ...mask(changes) })) }
}

function withMaskedProblems(event: RunEvent, secrets: Secrets): RunEvent {
  if (event.type === 'plan') return { ...event, notes: event.notes.map((note) => maskProblem(note, secrets)) }
  return event.type === 'step-fail' || event.type === 'step-warning'
    ? { ...event, problem: maskProblem(event.problem, secrets) }
    : event
}

function secretsOf(facts: Facts): Secrets {
  return { ...facts, sensitive: facts.sensitive() }
}
