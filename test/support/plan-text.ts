import { withoutMarks } from '../../src/diagnostics/foreign.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { Step } from '../../src/plan/step.ts'

/** The plan's golden form: a line a step with its cause, then what it comes after. Tests read it as a specification. */
export function planText<A>(plan: Plan<A>): string {
  const lines = plan.steps.flatMap((step) => [headline(step), ...details(step)])
  const unchanged = plan.unchanged.map((address) => `= ${address}`)
  const notes = plan.notes.map((note) => `! ${note.code}: ${note.message}`)
  return [...lines, ...unchanged, ...notes].map((line) => `${withoutMarks(line)}\n`).join('')
}

function headline<A>(step: Step<A>): string {
  const { when: condition } = step
  const holds = condition && 'differs' in condition ? 'differs' : 'is the same'
  const when = condition ? ` if ${condition.output}.${condition.field} ${holds}` : ''
  return `${step.id}${when}: ${step.cause}`
}

function details<A>(step: Step<A>): string[] {
  const changes = (step.changes ?? []).map(({ path, from, to, secret }) =>
    secret ? `    ~ ${path}` : `    ~ ${path}: ${JSON.stringify(from) ?? 'none'} -> ${JSON.stringify(to) ?? 'none'}`,
  )
  const after = step.after.map((each) => (each.on === 'success' ? each.step : `${each.step} (${each.on})`))
  return [...changes, ...(after.length > 0 ? [`    after ${after.join(', ')}`] : [])]
}
