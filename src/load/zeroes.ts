import { isNull } from './nodes.ts'
import type { Rule, Rules } from './rewrite.ts'

const withoutFalse: Rule = (node) => (node.kind === 'scalar' && node.value === false ? undefined : node)
const withoutEmptyList: Rule = (node) => (node.kind === 'seq' && node.items.length === 0 ? undefined : node)
const withoutEmptyMap: Rule = (node) => (node.kind === 'map' && node.entries.size === 0 ? undefined : node)
const withoutNulls: Rule = (node) => {
  if (node.kind !== 'map' || ![...node.entries.values()].some(({ value }) => isNull(value))) return node
  return { ...node, entries: new Map([...node.entries].filter(([, { value }]) => !isNull(value))) }
}
const withoutEmptyText: Rule = (node) => (node.kind === 'scalar' && node.value === '' ? undefined : node)

/** Values that say nothing once everything is merged, so that they do not count as differences. */
export const WITHOUT_ZEROES: Rules = {
  'services.*.annotations': withoutEmptyMap,
  'services.*.build': withoutNulls,
  'services.*.cap_add': withoutEmptyList,
  'services.*.cap_drop': withoutEmptyList,
  'services.*.configs': withoutEmptyList,
  'services.*.container_name': withoutEmptyText,
  'services.*.depends_on': withoutEmptyMap,
  'services.*.deploy': withoutNulls,
  'services.*.deploy.placement': withoutEmptyMap,
  'services.*.deploy.resources': withoutEmptyMap,
  'services.*.devices': withoutEmptyList,
  'services.*.dns': withoutEmptyList,
  'services.*.dns_opt': withoutEmptyList,
  'services.*.dns_search': withoutEmptyList,
  'services.*.domainname': withoutEmptyText,
  'services.*.environment': withoutEmptyMap,
  'services.*.expose': withoutEmptyList,
  'services.*.external_links': withoutEmptyList,
  'services.*.extra_hosts': withoutEmptyList,
  'services.*.group_add': withoutEmptyList,
  'services.*.healthcheck': withoutNulls,
  'services.*.healthcheck.disable': withoutFalse,
  'services.*.hostname': withoutEmptyText,
  'services.*.image': withoutEmptyText,
  'services.*.labels': withoutEmptyMap,
  'services.*.links': withoutEmptyList,
  'services.*.network_mode': withoutEmptyText,
  'services.*.oom_kill_disable': withoutFalse,
  'services.*.platform': withoutEmptyText,
  'services.*.ports': withoutEmptyList,
  'services.*.privileged': withoutFalse,
  'services.*.profiles': withoutEmptyList,
  'services.*.read_only': withoutFalse,
  'services.*.secrets': withoutEmptyList,
  'services.*.security_opt': withoutEmptyList,
  'services.*.stdin_open': withoutFalse,
  'services.*.sysctls': withoutEmptyMap,
  'services.*.tmpfs': withoutEmptyList,
  'services.*.tty': withoutFalse,
  'services.*.ulimits': withoutEmptyMap,
  'services.*.user': withoutEmptyText,
  'services.*.volumes': withoutEmptyList,
  'services.*.volumes.*.read_only': withoutFalse,
  'services.*.volumes_from': withoutEmptyList,
  'services.*.working_dir': withoutEmptyText,
  'networks.*': withoutNulls,
  'networks.*.attachable': withoutFalse,
  'networks.*.driver_opts': withoutEmptyMap,
  'networks.*.external': withoutFalse,
  'networks.*.internal': withoutFalse,
  'networks.*.ipam': withoutEmptyMap,
  'networks.*.labels': withoutEmptyMap,
  'volumes.*': withoutNulls,
  'volumes.*.driver_opts': withoutEmptyMap,
  'volumes.*.external': withoutFalse,
  'volumes.*.labels': withoutEmptyMap,
  'secrets.*': withoutNulls,
  'secrets.*.external': withoutFalse,
  'configs.*': withoutNulls,
  'configs.*.external': withoutFalse,
}
