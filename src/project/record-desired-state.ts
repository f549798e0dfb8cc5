import { join } from 'node:path'
import type { Plan } from '../plan/plan.ts'
import { replicasOf } from '../stack/names.ts'
import type { Project } from './project.ts'
import type { Wanted } from './request.ts'
import { desiredAfter, desiredAfterRemoval, desiredAfterUp, isBringing } from './state/desired-after.ts'
import type { DesiredState } from './state/desired-state.ts'
import { type DesiredStateStore, desiredStateFile } from './state/desired-state-file.ts'
import { projectKey } from './state/project-key.ts'

/** The record written before a command begins. */
export interface DesiredStateRecord {
  /** Completes the record with the plan. A failure or an interrupted start reverts it. */
  keptAfter<T extends { plan: Plan<unknown> }>(work: Promise<T>): Promise<T>
}

/**
 * Records an intent's change of the desired state, for guards. Does so before execution, so that the record exists even if the
 * command is killed. Requires the project's lock.
 */
export async function recordDesiredState(
  project: Project,
  command: string,
  wanted: Wanted,
): Promise<DesiredStateRecord> {
  const { declared, intent } = wanted
  const store = await desiredStateOf(project)
  const before = withoutProgress(store.read())
  const after = desiredAfter(before, intent, declared)
  if (after === before && intent.kind !== 'rm') return { keptAfter: (work) => work }
  const inProgress = isBringing(intent) ? { inProgress: { command, services: Object.keys(after.services) } } : {}
  store.write({ ...after, ...inProgress })
  return {
    async keptAfter(work) {
      try {
        const result = await work
        const isUndone = project.signal.aborted && isBringing(intent)
        store.write(isUndone ? before : withPlan(after, wanted, result.plan))
        return result
      } catch (thrown) {
        store.write(before)
        throw thrown
      }
    },
  }
}

/** The folder in the state directory for one project on one target; absolute, and created on the first write. */
export async function guardFolder(project: Project): Promise<string> {
  return join(project.runtime.stateFolder, 'guard', await projectKey(project))
}

/** The stored desired state of a project; problems with its file are reported as warnings. */
export async function desiredStateOf(project: Project): Promise<DesiredStateStore> {
  const file = join(await guardFolder(project), 'intent.json')
  return desiredStateFile(file, (problem) => void project.warn([problem]), project.stateFailed)
}

function withPlan(desired: DesiredState, { declared, intent }: Wanted, plan: Plan<unknown>): DesiredState {
  if (intent.kind === 'rm') return desiredAfterRemoval(desired, plan)
  if (intent.kind !== 'up' || intent.noStart) return desired
  return desiredAfterUp(desired, plan, (service) => replicasOf(declared.stack.services[service] ?? {}))
}

function withoutProgress({ services }: DesiredState): DesiredState {
  return { services }
}
