import type { After, StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { spacesOf } from '../../../../stack/dependencies.ts'
import { isAlive } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import type { Slot } from '../../observe/slots.ts'
import { addressOf } from '../steps.ts'
import type { Planned, PlannedReplica, UpContext } from '../types.ts'

/**
 * A namespace ends with its container: if the undo restarts the old container of a host, the old guest is restarted
 * too.
 */
export function restartWithHosts({ builder, declared }: UpContext, slot: Slot, planned: Planned): void {
  const { current, service } = slot
  const hosts = spacesOf(declared.stack.services[service] ?? {}).flatMap((host) => planned.get(host)?.[0] ?? [])
  const host = hosts.find(({ undone = [] }) => undone.length > 0)
  if (!host?.undone || !current || !isAlive(current)) return
  const undo = undoer(builder, slot, host)
  const stopped = undo('stop', host.undone, { kind: 'stop-container', container: current.id })
  const failed = host.undone.filter((each) => each.on === 'failure')
  const start: EngineAction = { kind: 'start-container', service, container: current.id, waiting: [] }
  undo('start', [stopped, ...failed], start)
}

/** A function that adds a step for a guest, which follows the undo of its host. */
function undoer(builder: UpContext['builder'], guest: Slot, { slot, when }: PlannedReplica) {
  const subject = addressOf(guest)
  const cause = `it shares a namespace with ${slot.service}, which was restarted`
  const common = { subject, group: subject, cause, phase: 'undo' as const, ...(when && { when }) }
  return (verb: 'stop' | 'start', after: (After | StepId)[], action: EngineAction): StepId =>
    builder.add({ ...common, id: stepIds.undo('undo', `host-${verb}`, subject), verb, after, action })
}
