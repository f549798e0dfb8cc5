import { warning } from '../../../../diagnostics/diagnostic.ts'
import type { Mount, Service } from '../../../../stack/model.ts'
import { serviceIn } from '../context.ts'
import type { UpContext } from '../types.ts'

/**
 * Whether two containers can run at once. If they share an exclusive resource, the update falls back to stop-first,
 * with a warning.
 */
export function mayStartFirst(context: UpContext, name: string, key: 'update_config' | 'rollback_config'): boolean {
  const reason = obstacles(context, name, serviceIn(context, name))[0]
  if (reason === undefined) return true
  const at = context.declared.spanOf(`services.${name}.deploy.${key}.order`)
  context.builder.note(
    warning('not-supported', `"${name}" is updated stop-first: two containers at once cannot share ${reason}`, { at }),
  )
  return false
}

function obstacles(context: UpContext, name: string, service: Service): string[] {
  const attachments = Object.values(service.networks ?? {})
  const carried = (context.slots.get(name) ?? []).some((slot) =>
    slot.current?.mounts.some((mount) => mount.type === 'volume' && !mount.readOnly),
  )
  const found: [boolean, string][] = [
    [(service.volumes ?? []).some(isWritable) || carried, 'a writable volume or directory'],
    [(service.volumes_from ?? []).length > 0, 'the volumes of another service'],
    [(service.ports ?? []).some((port) => port.published !== undefined), 'a host port'],
    [attachments.some((each) => each?.ipv4_address || each?.ipv6_address || each?.mac_address), 'a static address'],
    [service.mac_address !== undefined, 'a static address'],
    [service.network_mode === 'host', "the host's network"],
    [/^(service|container):/.test(service.network_mode ?? ''), 'a network namespace'],
    [context.lookup.guestsOf(name).some((each) => each !== name), 'a namespace with another service'],
    [(service.devices ?? []).length > 0, 'a device'],
    [context.lookup.isJob(name), 'a job that runs once'],
  ]
  return found.flatMap(([applies, what]) => (applies ? [what] : []))
}

function isWritable(mount: Mount): boolean {
  return (mount.type === 'volume' || mount.type === 'bind') && !mount.read_only
}
