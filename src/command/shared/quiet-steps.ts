import type { Emit } from '../../execute/event.ts'
import type { Verb } from '../../plan/step.ts'

/** Drops the progress of steps with these verbs. */
export function withoutProgressOf(verbs: readonly Verb[], emit: Emit): Emit {
  const quiet = new Set<string>()
  return (event) => {
    if (event.type === 'plan') for (const step of event.steps) if (verbs.includes(step.verb)) quiet.add(step.id)
    if (event.type !== 'step-progress' || !quiet.has(event.step)) emit(event)
  }
}
