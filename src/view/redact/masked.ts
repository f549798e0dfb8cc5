import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { RunEvent } from '../../execute/event.ts'
import type { FailureReport } from '../../execute/failure-report.ts'
import type { Plan } from '../../plan/plan.ts'
import type { FieldChange } from '../../plan/step.ts'
import { maskProblems, maskSentence, type Secrets } from '../../redact/mask-problem.ts'
import { mapStrings, redact, redactCommand, redactDeep } from '../../redact/redact.ts'
import { MASK, type Sensitive } from '../../stack/sensitive.ts'

/**
 * Determines which parts of all output are values and may therefore contain secrets, before any view sees the output. Sentences are
 * ours except for the parts marked as foreign; names, keys and advice are never masked.
 */
export function maskedEvent(event: RunEvent, secrets: Secrets): RunEvent {
  // These go into lines that are cut, not wrapped.
  const words = (text: string) => maskSentence(text, { ...secrets, keepsCommands: false })
  const problem = (each: Diagnostic) => maskProblems([each], secrets)[0] ?? each
  switch (event.type) {
    case 'plan': {
      const steps = event.steps.map((step) => maskedStep(step, secrets.sensitive))
      return { ...event, steps, notes: maskProblems(event.notes, secrets) }
    }
    case 'step-progress':
      return { ...event, text: words(event.text), ...(event.running && { running: event.running.map(words) }) }
    case 'step-output':
      return { ...event, lines: event.lines.map((line) => redact(line, secrets.sensitive)) }
    case 'step-warning':
      return { ...event, problem: problem(event.problem) }
    case 'step-fail': {
      const report = event.dossier && { dossier: maskedReport(event.dossier, secrets) }
      return { ...event, problem: problem(event.problem), ...report }
    }
    default:
      return event
  }
}

/** Masks a plan for printing or saving. Actions stay unchanged: no view shows them. */
export function maskedPlan<A>(plan: Plan<A>, secrets: Pick<Secrets, 'sensitive' | 'ownCommand'>): Plan<A> {
  const steps = plan.steps.map((step) => maskedStep(step, secrets.sensitive))
  return { ...plan, steps, notes: maskProblems(plan.notes, { ...secrets, sourceOf: () => undefined }) }
}

function maskedStep<S extends { cause: string; changes?: FieldChange[] }>(step: S, sensitive: Sensitive): S {
  return {
    ...step,
    cause: maskSentence(step.cause, { sensitive }),
    ...(step.changes && { changes: step.changes.map((change) => maskedChange(change, sensitive)) }),
  }
}

/** Masks the old and new values of a secret field. */
function maskedChange(change: FieldChange, sensitive: Sensitive): FieldChange {
  if (change.secret) return { ...change, from: shade(change.from), to: shade(change.to) }
  if (NAMES.test(change.path)) return change
  const [from, to] = [redactDeep(change.from, sensitive), redactDeep(change.to, sensitive)]
  return isEqual(from, to) && !isEqual(change.from, change.to) && to !== undefined
    ? { ...change, from: shade(from), to: shade(to), secret: true }
    : { ...change, from, to }
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Attributes with names and numbers: a secret in one of them is marked explicitly. */
const NAMES =
  /^(?:image|container_name|hostname|domainname|user|group_add|platform|networks|network_mode|volumes|volumes_from|ports|expose|links|depends_on|devices|dns|dns_search|extra_hosts|tmpfs|working_dir|secrets|configs|restart|pid|ipc|uts|runtime|stop_signal)\b/

/** Masks a value, but shows whether one exists. */
function shade(value: unknown): unknown {
  return value === undefined || value === null ? value : MASK
}

function maskedReport(report: FailureReport, secrets: Secrets): FailureReport {
  const { sensitive } = secrets
  const sentences = mapStrings(report, (text) => maskSentence(text, secrets)) as FailureReport
  const { probe, log, source } = sentences
  const output = (text: string) => redact(text, sensitive)
  return {
    ...sentences,
    ...(probe && {
      probe: { ...probe, command: redactCommand(probe.command, sensitive), output: output(probe.output) },
    }),
    ...(source && { source: output(source) }),
    ...(log && { log: log.map(output) }),
  }
}
