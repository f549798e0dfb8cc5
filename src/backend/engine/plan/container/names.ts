import { error } from '../../../../diagnostics/diagnostic.ts'
import { shellCommand } from '../../../../diagnostics/own-command.ts'
import type { StepId } from '../../../../plan/step.ts'
import type { Stack } from '../../../../stack/model.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { Slot } from '../../observe/slots.ts'
import type { UpContext } from '../types.ts'

/**
 * The steps after which the names of a slot are free. A name that another container keeps is an error, reported before
 * anything changes.
 */
export function namesFreed(context: UpContext, slot: Slot, freed: ReadonlyMap<string, StepId>): StepId[] {
  const leaving = slot.leaving.flatMap((each) => freed.get(each.name) ?? [])
  const free = freed.get(slot.name)
  if (free) return [...leaving, free]
  const own = [slot.current, slot.next, ...slot.leaving].map((each) => each?.id)
  const holder = context.holders.get(slot.name)
  if (holder && !own.includes(holder.id)) refuseName(context, slot, holder)
  return leaving
}

function refuseName({ declared, problems }: UpContext, slot: Slot, holder: { labels: Record<string, string> }): void {
  const project = holder.labels[COMPOSE.project]
  const service = holder.labels[COMPOSE.service]
  const ours = project === declared.stack.name
  const whose = project ? `service "${service}" of ${ours ? 'this project' : `project "${project}"`}` : 'no project'
  const orphan = ours && !(service !== undefined && service in declared.stack.services)
  const hint = orphan ? '--remove-orphans removes it' : otherName(declared.stack, slot)
  const at = declared.spanOf(`services.${slot.service}.container_name`)
  problems.push(error('foreign-resource', `the name "${slot.name}" is taken by a container of ${whose}`, { at, hint }))
}

function otherName({ services }: Stack, { service, name }: Slot): string {
  return services[service]?.container_name === undefined
    ? `remove it (${shellCommand(`docker rm -f ${name}`)}) if it is not needed, or use another container_name or project name`
    : 'use another container_name for one of them'
}
