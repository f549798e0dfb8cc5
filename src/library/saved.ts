import type { UpIntent } from '../backend/intent.ts'
import type { Loaded } from '../load/loaded.ts'
import { type SavedPlan, savePlan } from '../plan/saved.ts'
import { planIntent } from '../project/converge.ts'
import { checkedStack } from '../project/load/checked-stack.ts'
import type { Project } from '../project/project.ts'
import type { RunRequest } from '../project/request.ts'
import { originsOf, refuseIfMoved } from '../project/saved-plan.ts'
import type { CheckedPlan } from '../project/saved-shape.ts'
import { planData } from '../view/plan.ts'

/** A plan with the data that `apply` needs to check that nothing has changed. */
export async function savedPlanOf(project: Project, intent: UpIntent): Promise<SavedPlan> {
  const declared = await checkedStack(project, intent)
  const { plan, facts, warnings } = await planIntent(project, { declared, intent })
  await project.warn(warnings)
  return savePlan({
    origins: await originsOf(project, declared),
    intent,
    basis: { model: declared.stack, facts, plan },
    masked: planData(plan, project),
    flotilla: 'library',
    now: project.runtime.wallTime(),
  })
}

/** A run that executes a saved plan, or throws a StackError if planning now would yield another one. */
export function applyRequest(project: Project, saved: CheckedPlan): RunRequest<Loaded> {
  const { intent } = saved
  return {
    command: 'apply',
    load: async () => ({ declared: await checkedStack(project, intent), intent }),
    confirm: (survey, { stack }) => refuseIfMoved(saved, stack, survey, 'the plan'),
    once: true,
  }
}
