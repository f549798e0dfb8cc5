import type { ContainerSpec, EndpointSpec, HostConfig } from '../../../../docker/spec.ts'
import type { PreStart } from '../../../../stack/model.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { environmentList } from './hooks.ts'

export function specOf(service: ContainerSpec, hook: PreStart, index: number): ContainerSpec {
  const { ExposedPorts: _ports, Healthcheck: _health, MacAddress: _mac, Entrypoint, Env = [], ...kept } = service
  const {
    [OURS.fingerprint]: _print,
    [COMPOSE.number]: _number,
    [COMPOSE.configHash]: _hash,
    ...labels
  } = service.Labels ?? {}
  return {
    ...kept,
    ...(hook.image ? { Image: hook.image } : Entrypoint !== undefined && { Entrypoint }),
    Cmd: hook.command,
    Env: overridden(Env, environmentList(hook.environment)),
    Healthcheck: { Test: ['NONE'] },
    ...(hook.user && { User: hook.user }),
    ...(hook.working_dir && { WorkingDir: hook.working_dir }),
    Labels: { ...labels, [COMPOSE.oneoff]: 'True', [OURS.hook]: `pre_start/${index}` },
    HostConfig: { ...hostOf(service.HostConfig), ...(hook.privileged && { Privileged: true }) },
  }
}

/** Without duplicates: programs find the first of two values. */
function overridden(service: string[], own: string[]): string[] {
  const names = new Set(own.map((each) => each.split('=')[0]))
  return [...service.filter((each) => !names.has(each.split('=')[0])), ...own]
}

/** Without volumes, since the hook uses those of the service's container. */
function hostOf({
  PortBindings: _ports,
  RestartPolicy: _policy,
  Binds: _b,
  Mounts: _m,
  ...host
}: HostConfig): HostConfig {
  return host
}

/** Without the names and addresses of the service, so that it gets no traffic. */
export function anonymous({
  Aliases: _names,
  IPAMConfig: _addresses,
  MacAddress: _mac,
  ...rest
}: EndpointSpec): EndpointSpec {
  return rest
}
