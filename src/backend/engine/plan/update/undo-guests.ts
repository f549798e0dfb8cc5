import { stepIds } from '../../../../plan/step-id.ts'
import { spacesOf } from '../../../../stack/dependencies.ts'
import { isAlive } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import type { Slot } from '../../observe/slots.ts'
import { addressOf } from '../steps.ts'
import type { Planned, UpContext } from '../types.ts'

/**
 * A namespace ends with its container: if the undo restarts the old container of a host, the old guest is restarted
 * too.
 */
export function restartWithHosts({ builder, declared }: UpContext, slot: Slot, planned: Planned): void {
  const { current } = slot
  const hosts = spacesOf(declared.stack.services[slot.service] ?? {}).flatMap((host) => planned.get(host)?.[0] ?? [])
  const undone = hosts.find((host) => host.undone !== undefined && host.undone.length > 0)
  if (!undone?.undone || !current || !isAlive(current)) return
  const subject = addressOf(slot)
  const cause = `it shares a namespace with ${undone.slot.service}, which was restarted`
  const common = { subject, group: subject, cause, phase: 'undo' as const, ...(undone.when && { when: undone.when }) }
  const stop = { kind: 'stop-container', container: current.id } as const
  const stopped = builder.add({
    ...common,
    id: stepIds.undo('undo', 'host-stop', subject),
    verb: 'stop',
    after: undone.undone,
    action: stop,
  })
  const start: EngineAction = { kind: 'start-container', service: slot.service, container: current.id, waiting: [] }
  const failed = undone.undone.filter((each) => each.on === 'failure')
  builder.add({
    ...common,
    id: stepIds.undo('undo', 'host-start', subject),
    verb: 'start',
    after: [stopped, ...failed],
    action: start,
  })
}
