import type { ContainerSpec, EndpointSpec, MountSpec } from '../../../../docker/spec.ts'
import type { Deploy, Mount, Service, Stack } from '../../../../stack/model.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import type { OneOff, RunIntent } from '../../../intent.ts'
import type { Lowered } from '../../lower/lower.ts'

/**
 * The stack with a service changed to what its one-off container needs. Source of the precedence: pkg/compose/run.go of
 * docker/compose.
 */
export function oneOffStack(stack: Stack, { service: name, oneOff }: RunIntent): Stack {
  const service = oneOffService(stack.services[name] ?? {}, oneOff)
  return { ...stack, services: { ...stack.services, [name]: service } }
}

/** One container, without a restart policy and without `pre_start` hooks. */
function oneOffService(service: Service, oneOff: OneOff): Service {
  const { restart: _restart, scale: _scale, pre_start: _before, cap_add: _add, cap_drop: _drop, ...rest } = service
  const { ports, deploy, ...kept } = rest
  const published = oneOff.ports === 'declared' ? ports : oneOff.ports
  return {
    ...kept,
    ...wordsOf(service, oneOff),
    container_name: oneOff.name,
    environment: { ...service.environment, ...oneOff.environment },
    labels: { ...service.labels, ...oneOff.labels },
    volumes: withMounts(service.volumes ?? [], oneOff.volumes),
    ...filled('cap_add', [...without(service.cap_add, oneOff.capDrop), ...oneOff.capAdd]),
    ...filled('cap_drop', [...without(service.cap_drop, oneOff.capAdd), ...oneOff.capDrop]),
    tty: oneOff.tty,
    stdin_open: oneOff.stdin,
    ...(deploy && { deploy: deployOf(deploy) }),
    ...(published && { ports: published }),
    ...(oneOff.user !== undefined && { user: oneOff.user }),
    ...(oneOff.workingDir !== undefined && { working_dir: oneOff.workingDir }),
  }
}

/** The service's command is meant for the service's entrypoint, not for another one. */
function wordsOf(service: Service, { command, entrypoint }: OneOff): Pick<Service, 'command' | 'entrypoint'> {
  const words = command ?? (entrypoint ? [] : service.command)
  const first = entrypoint ?? service.entrypoint
  return { ...(words !== undefined && { command: words }), ...(first !== undefined && { entrypoint: first }) }
}

function deployOf({ replicas: _replicas, restart_policy: _policy, update_config: _update, ...kept }: Deploy): Deploy {
  return kept
}

function withMounts(declared: Mount[], own: Mount[]): Mount[] {
  const taken = new Set(own.map(({ target }) => target))
  return [...declared.filter(({ target }) => !taken.has(target)), ...own]
}

function filled(key: 'cap_add' | 'cap_drop', all: string[]): Pick<Service, typeof key> {
  return all.length > 0 ? { [key]: all } : {}
}

/** `NET_ADMIN` and `CAP_NET_ADMIN` are the same. */
function without(all: string[] = [], some: string[]): string[] {
  const bare = (capability: string) => capability.toUpperCase().replace(/^CAP_/, '')
  return all.filter((each) => !some.some((other) => bare(other) === bare(each)))
}

/** A one-off container is no replica, and has the names of the service only on request. */
export function oneOffLowered(lowered: Lowered, oneOff: OneOff): Lowered {
  const { useAliases } = oneOff
  const endpoints = lowered.endpoints.map(
    ([key, endpoint]) => [key, useAliases ? endpoint : unnoticed(endpoint, oneOff.name)] as [string, EndpointSpec],
  )
  const { MacAddress: mac, ...spec } = lowered.spec
  return { ...lowered, endpoints, spec: oneOffSpec(useAliases && mac ? { ...spec, MacAddress: mac } : spec, oneOff) }
}

/** Without the names of the service, and without its static addresses, which another container may hold. */
function unnoticed(
  { IPAMConfig: _addresses, MacAddress: _mac, ...endpoint }: EndpointSpec,
  name: string,
): EndpointSpec {
  return { ...endpoint, Aliases: [name] }
}

function oneOffSpec(spec: ContainerSpec, oneOff: OneOff): ContainerSpec {
  const { slug, stdin, attached, autoRemove } = oneOff
  const { Mounts: mounts } = spec.HostConfig
  const { [COMPOSE.number]: _number, [OURS.fingerprint]: _print, ...labels } = spec.Labels ?? {}
  return {
    ...spec,
    Labels: { ...labels, [COMPOSE.oneoff]: 'True', [COMPOSE.slug]: slug, [OURS.oneOff]: 'True' },
    AttachStdin: stdin && attached,
    AttachStdout: attached,
    AttachStderr: attached,
    StdinOnce: stdin,
    HostConfig: {
      ...spec.HostConfig,
      ...(mounts && { Mounts: mounts.map((mount) => named(mount, oneOff.volumes)) }),
      ...(autoRemove && { AutoRemove: true }),
    },
  }
}

/** A volume that the stack does not declare keeps the name that the user gave. */
function named(mount: MountSpec, own: Mount[]): MountSpec {
  const given = own.find(({ target }) => target === mount.Target)?.source
  return mount.Type === 'volume' && given !== undefined ? { ...mount, Source: mount.Source ?? given } : mount
}
