import { isNull } from '../tree/nodes.ts'
import type { Rule, Rules } from '../tree/rewrite.ts'

const withoutFalse: Rule = (node) => (node.kind === 'scalar' && node.value === false ? undefined : node)
const withoutEmptyList: Rule = (node) => (node.kind === 'seq' && node.items.length === 0 ? undefined : node)
const withoutEmptyMap: Rule = (node) => (node.kind === 'map' && node.entries.size === 0 ? undefined : node)
const withoutNulls: Rule = (node) => {
  if (node.kind !== 'map' || ![...node.entries.values()].some(({ value }) => isNull(value))) return node
  return { ...node, entries: new Map([...node.entries].filter(([, { value }]) => !isNull(value))) }
}
const withoutZero: Rule = (node) =>
  node.kind === 'scalar' && (node.value === 0 || node.value === '0') ? undefined : node
const withoutZeroTime: Rule = (node) => (node.kind === 'scalar' && node.value === '0s' ? undefined : node)
const withoutEmptyText: Rule = (node) => (node.kind === 'scalar' && node.value === '' ? undefined : node)

/** Rules go from the outside in: what holds nothing but empty lists is as empty as they are. */
const withoutEmptyLists: Rule = (node) =>
  node.kind === 'map' &&
  [...node.entries.values()].every(({ value }) => value.kind === 'seq' && value.items.length === 0)
    ? undefined
    : node

/** Values that say nothing once everything is merged, so that they do not count as differences. */
export const WITHOUT_ZEROES: Rules = {
  'services.*.build.{dockerfile,dockerfile_inline,isolation,network,provenance,sbom,target}': withoutEmptyText,
  'services.*.build.secrets.*.{gid,target,uid}': withoutEmptyText,
  'services.*.{cgroup_parent,container_name,cpuset,domainname,hostname,image,ipc,isolation,mac_address,network_mode,pid,platform,restart,runtime,stop_signal,user,userns_mode,uts,working_dir}':
    withoutEmptyText,
  'services.*.{configs,secrets}.*.{gid,target,uid}': withoutEmptyText,
  'services.*.deploy.{endpoint_mode,mode}': withoutEmptyText,
  'services.*.deploy.placement.preferences.*.spread': withoutEmptyText,
  'services.*.deploy.resources.reservations.devices.*.driver': withoutEmptyText,
  'services.*.deploy.restart_policy.condition': withoutEmptyText,
  'services.*.deploy.{update_config,rollback_config}.failure_action': withoutEmptyText,
  'services.*.develop.watch.*.target': withoutEmptyText,
  'services.*.gpus.*.driver': withoutEmptyText,
  'services.*.logging.driver': withoutEmptyText,
  'services.*.networks.*.{interface_name,ipv4_address,ipv6_address,mac_address}': withoutEmptyText,
  'services.*.ports.*.{app_protocol,name}': withoutEmptyText,
  'services.*.{post_start,pre_start,pre_stop}.*.{user,working_dir}': withoutEmptyText,
  'services.*.provider.type': withoutEmptyText,
  'services.*.volumes.*.consistency': withoutEmptyText,
  'services.*.volumes.*.{image,volume}.subpath': withoutEmptyText,
  '{networks,volumes}.*.driver': withoutEmptyText,
  'networks.*.ipam.driver': withoutEmptyText,
  'networks.*.ipam.config.*.{gateway,ip_range,subnet}': withoutEmptyText,
  '{secrets,configs}.*.{driver,template_driver}': withoutEmptyText,

  'services.*.blkio_config.{device_read_bps,device_read_iops,device_write_bps,device_write_iops,weight_device}':
    withoutEmptyList,
  'services.*.build.{cache_from,cache_to,entitlements,extra_hosts,no_cache_filter,platforms,secrets,ssh,tags}':
    withoutEmptyList,
  'services.*.{cap_add,cap_drop,configs,device_cgroup_rules,devices,dns,dns_opt,dns_search,expose,external_links,extra_hosts,gpus,group_add,links,ports,post_start,pre_start,pre_stop,profiles,secrets,security_opt,tmpfs,volumes,volumes_from}':
    withoutEmptyList,
  'services.*.deploy.placement.{constraints,preferences}': withoutEmptyList,
  'services.*.deploy.resources.reservations.{devices,generic_resources}': withoutEmptyList,
  'services.*.deploy.resources.reservations.devices.*.{capabilities,device_ids}': withoutEmptyList,
  'services.*.gpus.*.{capabilities,device_ids}': withoutEmptyList,
  'services.*.develop.watch': withoutEmptyList,
  'services.*.develop.watch.*.{ignore,include}': withoutEmptyList,
  'services.*.healthcheck.test': withoutEmptyList,
  'services.*.networks.*.{aliases,link_local_ips}': withoutEmptyList,
  'networks.*.ipam.config': withoutEmptyList,

  'services.*.{annotations,depends_on,environment,labels,models,storage_opt,sysctls,ulimits}': withoutEmptyMap,
  'services.*.build.{additional_contexts,args,labels,ulimits}': withoutEmptyMap,
  'services.*.deploy.placement': withoutEmptyLists,
  'services.*.deploy.{labels,resources}': withoutEmptyMap,
  'services.*.deploy.resources.reservations.devices.*.options': withoutEmptyMap,
  'services.*.gpus.*.options': withoutEmptyMap,
  'services.*.logging.options': withoutEmptyMap,
  'services.*.networks.*.driver_opts': withoutEmptyMap,
  'services.*.volumes.*.volume.labels': withoutEmptyMap,
  'networks.*.{driver_opts,labels}': withoutEmptyMap,
  'networks.*.ipam': withoutEmptyLists,
  'networks.*.ipam.config.*.aux_addresses': withoutEmptyMap,
  'volumes.*.{driver_opts,labels}': withoutEmptyMap,
  '{secrets,configs}.*.{driver_opts,labels}': withoutEmptyMap,

  'services.*.build': withoutNulls,
  'services.*.deploy': withoutNulls,
  'services.*.deploy.{update_config,rollback_config}.{delay,monitor}': withoutZeroTime,
  'services.*.deploy.{update_config,rollback_config}.max_failure_ratio': withoutZero,
  'services.*.deploy.resources.{limits,reservations}.{cpus,memory,pids}': withoutZero,
  'services.*.build.shm_size': withoutZero,
  'services.*.{cpu_count,cpu_percent,cpu_period,cpu_quota,cpu_rt_period,cpu_rt_runtime,cpu_shares,cpus}': withoutZero,
  'services.*.{mem_limit,mem_reservation,memswap_limit,oom_score_adj,pids_limit,shm_size}': withoutZero,
  'services.*.blkio_config.weight': withoutZero,
  'services.*.networks.*.{gw_priority,priority}': withoutZero,
  'services.*.volumes.*.tmpfs.{mode,size}': withoutZero,
  'services.*.healthcheck': withoutNulls,
  'services.*.depends_on.*.restart': withoutFalse,
  'services.*.healthcheck.disable': withoutFalse,
  'services.*.oom_kill_disable': withoutFalse,
  'services.*.privileged': withoutFalse,
  'services.*.read_only': withoutFalse,
  'services.*.stdin_open': withoutFalse,
  'services.*.tty': withoutFalse,
  'services.*.volumes.*.read_only': withoutFalse,
  'networks.*': withoutNulls,
  'networks.*.attachable': withoutFalse,
  'networks.*.external': withoutFalse,
  'networks.*.internal': withoutFalse,
  'volumes.*': withoutNulls,
  'volumes.*.external': withoutFalse,
  'secrets.*': withoutNulls,
  'secrets.*.external': withoutFalse,
  'configs.*': withoutNulls,
  'configs.*.external': withoutFalse,
}
