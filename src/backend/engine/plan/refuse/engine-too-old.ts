import { type Diagnostic, error, warning } from '../../../../diagnostics/diagnostic.ts'
import type { DeviceMapping, Mount, Network, Service } from '../../../../stack/model.ts'
import { primaryNetwork } from '../../../../stack/networks.ts'
import { found } from '../../check/found.ts'
import { isNamed } from '../../lower/devices.ts'
import type { UpContext } from '../context.ts'
import { serviceIn } from '../context.ts'

/** An attribute, or one of its values, that an engine knows only from some version on. */
export interface Since<T> {
  /** From a service or network on; `*` is any key or index. */
  path: string
  /** 1.44 is 144. */
  api: number
  /** The first release of Docker with that API. */
  docker: string
  /** What an older engine does instead; absent: the service is refused, as it would not be what was asked for. */
  instead?: string
  /** Which values need it, for the table in docs/compose-support.md; by default all. */
  only?: string
  when?(value: unknown, keys: string[], subject: T): boolean
}

/** Source: https://docs.docker.com/reference/api/engine/version-history/ */
export const SERVICE_SINCE: readonly Since<Service>[] = [
  { path: 'annotations', api: 143, docker: '24', instead: 'the container gets none' },
  { path: 'cgroup', api: 141, docker: '20.10', instead: 'the engine chooses' },
  { path: 'deploy.resources.reservations.devices', api: 140, docker: '19.03' },
  {
    path: 'devices.*',
    api: 144,
    docker: '25',
    only: 'names of the Container Device Interface',
    when: (device) => isNamed(device as DeviceMapping),
  },
  { path: 'gpus', api: 140, docker: '19.03' },
  {
    path: 'healthcheck.start_interval',
    api: 144,
    docker: '25',
    instead: 'the engine looks at the interval (flotilla itself looks at once while something waits)',
  },
  { path: 'networks.*.gw_priority', api: 148, docker: '28', instead: 'the engine chooses the default gateway' },
  { path: 'networks.*.interface_name', api: 149, docker: '28.1', instead: 'the engine chooses the name' },
  {
    path: 'networks.*.mac_address',
    api: 144,
    docker: '25',
    instead: 'the engine chooses the address',
    only: 'all networks but the first',
    when: (_value, [key], service) => key !== primaryNetwork(service),
  },
  { path: 'platform', api: 141, docker: '20.10', instead: 'the engine uses its own' },
  {
    path: 'volumes.*',
    api: 148,
    docker: '28',
    only: '`type: image`',
    when: (mount) => (mount as Mount).type === 'image',
  },
  {
    path: 'volumes.*.bind.recursive',
    api: 144,
    docker: '25',
    only: '`readonly`',
    when: (value) => value === 'readonly',
  },
  { path: 'volumes.*.volume.subpath', api: 145, docker: '26' },
]

export const NETWORK_SINCE: readonly Since<Network>[] = [
  {
    path: 'enable_ipv4',
    api: 148,
    docker: '28',
    instead: 'the network has IPv4 addresses all the same',
    only: '`false`',
    when: (value) => value === false,
  },
]

/** What the selected services ask for and this engine is too old for. Nothing while no engine was asked: then nothing is created. */
export function tooOld(context: UpContext): Diagnostic[] {
  if (!context.observed.engine) return []
  const services = context.selection.map((name): [string, Service] => [name, serviceIn(context, name)])
  const used = new Set(services.flatMap(([, { networks }]) => Object.keys(networks ?? {})))
  const isMade = (key: string) => context.intent.allResources === true || used.has(key)
  const networks = Object.entries(context.declared.stack.networks).filter(([key]) => isMade(key))
  return [
    ...services.flatMap(([name, service]) => missingIn(context, 'service', name, service, SERVICE_SINCE)),
    ...networks.flatMap(([name, network]) => missingIn(context, 'network', name, network, NETWORK_SINCE)),
  ]
}

function missingIn<T extends object>(
  context: UpContext,
  kind: 'service' | 'network',
  name: string,
  subject: T,
  table: readonly Since<T>[],
): Diagnostic[] {
  return table
    .filter(({ api }) => context.api < api)
    .flatMap((row) =>
      found(subject, row.path)
        .filter(({ value, keys }) => value !== undefined && (row.when?.(value, keys, subject) ?? true))
        .map(({ path }) => missing(context, row, `${kind}s.${name}.${path}`, `"${path}" of ${kind} "${name}"`)),
    )
}

function missing(
  { declared, api }: UpContext,
  row: Pick<Since<unknown>, 'api' | 'docker' | 'instead'>,
  path: string,
  what: string,
): Diagnostic {
  const needs = `${what} needs engine API ${versionText(row.api)} (Docker ${row.docker}); this engine has ${versionText(api)}`
  const at = declared.spanOf(path)
  return row.instead === undefined
    ? error('not-supported', needs, { at })
    : warning('not-supported', needs, { at, hint: `without it ${row.instead}` })
}

export function versionText(api: number): string {
  return `${Math.floor(api / 100)}.${api % 100}`
}
