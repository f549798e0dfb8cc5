import type { ContainerInspectInfo } from 'dockerode'
import { mapValues } from '../../util/object.ts'
import type { ContainerDetail, ContainerState, EndpointDetail, Health } from '../port.ts'
import type { ContainerSpec, EndpointSpec, HostConfig } from '../spec.ts'
import { mountPoint } from './container-summary.ts'

type Endpoint = Partial<{
  NetworkID: string
  EndpointID: string
  IPAddress: string
  GlobalIPv6Address: string
  Aliases: string[] | null
  Links: string[] | null
  IPAMConfig: EndpointSpec['IPAMConfig'] | null
  MacAddress: string
  DriverOpts: Record<string, string> | null
  GwPriority: number
}>

export function containerDetail(info: ContainerInspectInfo): ContainerDetail {
  const { State: state, Config: config } = info
  const networks = (info.NetworkSettings?.Networks ?? {}) as Record<string, Endpoint>
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    image: config.Image,
    imageId: info.Image,
    labels: config.Labels ?? {},
    state: state.Status as ContainerState,
    // The engine also reports `Running` for an ended container that it is about to restart.
    running: state.Running && !state.Restarting,
    exitCode: state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
    ...time('startedAt', state.StartedAt),
    ...time('finishedAt', state.FinishedAt),
    restartCount: info.RestartCount ?? 0,
    ...healthOf(state.Health),
    spec: specOf(info, networks),
    networks: mapValues(networks, endpointDetail),
    mounts: (info.Mounts ?? []).map(mountPoint),
  }
}

/** The engine reports the year 1 for events that never happened. */
function time<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return value && !value.startsWith('0001-') ? ({ [key]: value } as { [P in K]?: string }) : {}
}

function healthOf(health: ContainerInspectInfo['State']['Health']): Pick<ContainerDetail, 'health'> {
  if (!health?.Status || health.Status === 'none') return {}
  const log = (health.Log ?? []).map((probe) => ({
    start: probe.Start,
    end: probe.End,
    exitCode: probe.ExitCode,
    output: probe.Output,
  }))
  return { health: { status: health.Status as Health, failingStreak: health.FailingStreak, log } }
}

function specOf(info: ContainerInspectInfo, networks: Record<string, Endpoint>): ContainerSpec {
  return {
    ...(info.Config as unknown as Omit<ContainerSpec, 'HostConfig'>),
    HostConfig: info.HostConfig as unknown as HostConfig,
    NetworkingConfig: { EndpointsConfig: mapValues(networks, endpointSpec) },
  }
}

function endpointSpec(endpoint: Endpoint): EndpointSpec {
  return {
    ...(endpoint.Aliases?.length ? { Aliases: endpoint.Aliases } : {}),
    ...(endpoint.Links?.length ? { Links: endpoint.Links } : {}),
    ...(endpoint.IPAMConfig ? { IPAMConfig: endpoint.IPAMConfig } : {}),
    ...(endpoint.DriverOpts ? { DriverOpts: endpoint.DriverOpts } : {}),
    ...(endpoint.GwPriority ? { GwPriority: endpoint.GwPriority } : {}),
  }
}

function endpointDetail(endpoint: Endpoint): EndpointDetail {
  const { IPv4Address: ipv4, IPv6Address: ipv6 } = endpoint.IPAMConfig ?? {}
  return {
    networkId: endpoint.NetworkID ?? '',
    endpointId: endpoint.EndpointID ?? '',
    ipAddress: endpoint.IPAddress ?? '',
    aliases: endpoint.Aliases ?? [],
    ...(endpoint.GlobalIPv6Address ? { globalIpv6: endpoint.GlobalIPv6Address } : {}),
    ...(ipv4 ? { ipv4 } : {}),
    ...(ipv6 ? { ipv6 } : {}),
    ...(endpoint.MacAddress ? { mac: endpoint.MacAddress } : {}),
  }
}
