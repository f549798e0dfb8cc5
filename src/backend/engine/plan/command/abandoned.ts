import { error } from '../../../../diagnostics/diagnostic.ts'
import { shellCommand } from '../../../../diagnostics/own-command.ts'
import type { StepId } from '../../../../plan/step.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { isUnstarted } from '../../../state.ts'
import { addRemove } from '../container/stop.ts'
import type { UpContext } from '../types.ts'

/** Removes one-off containers that were never started: as no other command runs, they are leftovers. */
export function removeAbandoned({ observed, builder }: UpContext): Map<string, StepId> {
  const abandoned = observed.containers.filter((each) => OURS.oneOff in each.labels && isUnstarted(each))
  const options = { cause: 'left over from an interrupted run', after: [], volumes: true }
  return new Map(abandoned.map((each) => [each.name, addRemove(builder, each, options)]))
}

/**
 * The step after which a name is free. A name that another container keeps is an error, reported before anything
 * changes.
 */
export function stepThatFrees(
  { observed, problems }: UpContext,
  name: string,
  freed: ReadonlyMap<string, StepId>,
): StepId[] {
  const step = freed.get(name)
  const holder = observed.containers.find((each) => each.name === name)
  if (step !== undefined || !holder) return step === undefined ? [] : [step]
  const hint = `choose another --name, or remove it: ${shellCommand(`docker rm -f ${name}`)}`
  const whose = `service "${holder.labels[COMPOSE.service]}" of this project`
  problems.push(error('foreign-resource', `the name "${name}" is taken by a container of ${whose}`, { hint }))
  return []
}
