import type { Declared } from '../../backend/backend.ts'
import type { Replica } from '../../backend/read/containers.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import { printPlan } from '../../cli/show.ts'
import type { Plan } from '../../plan/plan.ts'
import { planIntent, rehearse } from '../../project/converge.ts'
import type { RunRequest } from '../../project/request.ts'
import { runIntent } from '../../project/run-intent.ts'
import type { Mode } from '../../view/contract.ts'

/** Modes that print the lines of `docker compose`. */
const COMPOSES: ReadonlySet<Mode> = new Set(['compose', 'compose-json'])

/** Whether progress, also that of dry runs, is printed as `docker compose` prints it. */
export function printsAsCompose(context: Context): boolean {
  return COMPOSES.has(context.mode())
}

export interface Done<D extends Declared = Declared> {
  declared: D
  plan: Plan<unknown>
  /** Replicas that were started but are no longer running. */
  fallen: readonly Replica[]
  /** The command's exit code so far. */
  code: number
}

/** Executes an intent. With --dry-run, prints the plan instead, changes nothing, and waits for no lock. */
export async function runOrPreview<D extends Declared>(context: Context, request: RunRequest<D>): Promise<Done<D>> {
  if (context.globals.dryRun) return preview(context, request)
  const { declared, plan, fallen, outcome } = await runIntent(context.project, request)
  return { declared, plan, fallen, code: context.signal.aborted ? INTERRUPTED : outcome.ok ? 0 : 1 }
}

async function preview<D extends Declared>(context: Context, { load, confirm }: RunRequest<D>): Promise<Done<D>> {
  const { project } = context
  const wanted = await load()
  const survey = await planIntent(project, wanted)
  const { plan, warnings } = survey
  await project.warn(warnings)
  confirm?.(survey, wanted.declared)
  await project.warn(plan.notes)
  // As in `docker compose --dry-run`, whose output programs read.
  const done = { declared: wanted.declared, plan, fallen: [] }
  if (printsAsCompose(context)) {
    const { ok } = await rehearse(project, { ...plan, notes: [] })
    return { ...done, code: context.signal.aborted ? INTERRUPTED : ok ? 0 : 1 }
  }
  await printPlan(context, plan, 'text')
  return { ...done, code: 0 }
}
