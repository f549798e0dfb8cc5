import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { childOf, isNamed, type SchemaNode, schemaAt, typesOf } from '../schema/shape.ts'
import { isNull, isReset, withEntries } from '../tree/nodes.ts'
import { type Rule, type Rules, spelledOut, withItems, withValues } from '../tree/rewrite.ts'

/** Removes a scalar with one of these values. */
function drop(...values: unknown[]): Rule {
  return (node) => (node.kind === 'scalar' && values.includes(node.value) ? undefined : node)
}

const dropFalse = drop(false)
const dropZero = drop(0, '0')
const dropZeroTime = drop('0s')
const dropEmptyText = drop('')

const dropEmpty: Rule = (node) =>
  (node.kind === 'seq' && node.items.length === 0) || (node.kind === 'map' && node.entries.size === 0)
    ? undefined
    : node

const dropNulls: Rule = (node) => {
  if (node.kind !== 'map' || ![...node.entries.values()].some(({ value }) => isNull(value))) return node
  return { ...node, entries: new Map([...node.entries].filter(([, { value }]) => !isNull(value))) }
}

/** Rules apply from the outside in: a container that holds only empty lists counts as empty. */
const dropIfOnlyEmptyLists: Rule = (node) =>
  node.kind === 'map' &&
  [...node.entries.values()].every(({ value }) => value.kind === 'seq' && value.items.length === 0)
    ? undefined
    : node

/** Zero values that do not follow from the type. */
const OTHERS: Rules = {
  'services.*.networks': (node) => node,
  'services.*.{build,deploy,healthcheck}': dropNulls,
  '{networks,volumes,secrets,configs}.*': dropNulls,
  'services.*.deploy.placement': dropIfOnlyEmptyLists,
  'services.*.deploy.resources': dropEmpty,
  'services.*.deploy.resources.{limits,reservations}.memory': dropZero,
  'networks.*.ipam': dropIfOnlyEmptyLists,
}

/** Paths whose zero values are meaningful or required; nothing below them is removed either. */
const KEPT = [
  'services.*.{attach,cgroup,command,credential_spec,devices.*,entrypoint,env_file,extends,init,label_file}',
  'services.*.{mem_swappiness,models.*,pull_policy,pull_refresh_after,scale,stop_grace_period,use_api_socket}',
  'services.*.{build.ulimits.*,ulimits.*}',
  'services.*.blkio_config.{weight_device,device_read_bps,device_read_iops,device_write_bps,device_write_iops}.*',
  'services.*.build.{context,no_cache,privileged,pull}',
  'services.*.{build.secrets,configs,secrets}.*.{mode,source}',
  'services.*.depends_on.*.{condition,required}',
  'services.*.deploy.replicas',
  'services.*.deploy.placement.max_replicas_per_node',
  'services.*.deploy.resources.reservations.{devices.*.count,generic_resources.*}',
  'services.*.deploy.restart_policy.{delay,max_attempts,window}',
  'services.*.deploy.{update_config,rollback_config}.{order,parallelism}',
  'services.*.develop.watch.*.{action,exec,initial_sync,path}',
  'services.*.gpus.*.count',
  'services.*.healthcheck.{interval,retries,start_interval,start_period,timeout}',
  'services.*.ports.*.{host_ip,mode,protocol,published,target}',
  'services.*.{post_start,pre_start,pre_stop}.*.{command,environment,image,per_replica,privileged}',
  'services.*.provider.options',
  'services.*.volumes.*.{bind,source,target,type,volume.nocopy}',
  'networks.*.{enable_ipv4,enable_ipv6,ipam.options}',
  '{networks,volumes,secrets,configs}.*.{content,environment,external.name,file,name}',
]

/** Removes the zero values of the schema's types from a model, so that they do not count as differences. */
export function withoutZeroValues(model: MapNode): MapNode {
  const tables = { kept: new Set(KEPT.flatMap(spelledOut)), others: spelledRules(OTHERS) }
  let result = model
  for (const section of ['services', 'networks', 'volumes', 'secrets', 'configs']) {
    const node = get(model, section)
    const schema = schemaAt([section])
    if (node && schema) result = withEntries(result, { [section]: inside(node, schema, section, tables) })
  }
  return result
}

interface Tables {
  kept: ReadonlySet<string>
  others: ReadonlyMap<string, Rule>
}

function spelledRules(rules: Rules): Map<string, Rule> {
  return new Map(Object.entries(rules).flatMap(([path, rule]) => spelledOut(path).map((each) => [each, rule] as const)))
}

/** Processes from the outside in; in the path, `*` stands for names and items. */
function withoutZeros(node: Tree, schema: SchemaNode, path: string, tables: Tables): Tree | undefined {
  if (isReset(node) || isNull(node) || tables.kept.has(path)) return node
  const rule = tables.others.get(path) ?? (path.endsWith('*') ? undefined : ruleFor(schema))
  const own = rule ? rule(node, () => undefined) : node
  return own && inside(own, schema, path, tables)
}

function inside(node: Tree, schema: SchemaNode, path: string, tables: Tables): Tree {
  const at = (step: string | number, value: Tree) => {
    const child = childOf(schema, step)
    return child ? withoutZeros(value, child, `${path}.${isNamed(schema, step) ? step : '*'}`, tables) : value
  }
  if (node.kind === 'map') return withValues(node, (value, key) => at(key, value))
  return node.kind === 'seq' ? withItems(node, (item) => at(0, item)) : node
}

function ruleFor(schema: SchemaNode): Rule | undefined {
  const types = new Set(typesOf(schema))
  if (types.has('array') || (types.has('object') && !schema.shape.properties)) return dropEmpty
  if (schema.name === 'duration') return dropZeroTime
  if (types.has('number') || types.has('integer')) return dropZero
  if (types.has('string') && !schema.shape.properties) return dropEmptyText
  return types.has('boolean') ? dropFalse : undefined
}
