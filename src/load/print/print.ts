import type { Mount, Network, Service, Stack } from '../../stack/model.ts'
import { isMapping, mapValues } from '../../util/object.ts'
import { dumpYaml } from '../../yaml/dump.ts'
import { naturally } from '../../yaml/natural-order.ts'
import { type MapNode, type Path, toData } from '../../yaml/tree.ts'
import { keysOf, schemaAt } from '../schema/shape.ts'
import { escaped, inOrder } from './key-order.ts'
import { modelsOf } from './models.ts'
import { usedResources } from './used-resources.ts'

type Data = Record<string, unknown>

/** A stack with its canonical tree. */
export interface Printed {
  stack: Stack
  tree: MapNode
}

interface Extent {
  /** Includes networks, volumes, … that no service uses. */
  allResources?: boolean
}

/** The output of `config`. */
export function configText(loaded: Printed, format: 'yaml' | 'json', scope: Extent = {}): string {
  return format === 'json' ? `${JSON.stringify(configOf(loaded, scope), null, 2)}\n` : configYaml(loaded, scope)
}

/** An override file that contains only services and their images. */
export function imagesText(services: Readonly<Record<string, unknown>>, format: 'yaml' | 'json'): string {
  const data = { services }
  return format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : dumpYaml(data)
}

/**
 * The stack as `docker compose config --format json` prints it: active services and the resources that they use, in its order of
 * keys, with `$` doubled so that the output can be loaded again. Shows secrets: the user asked for the configuration.
 */
export function configOf(loaded: Printed, extent: Extent = {}): Data {
  const printed = withoutExtensions(sections(loaded, JSON_FORM, extent), [])
  return Object.fromEntries(Object.entries(printed).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The same as YAML: `name` and `services` first, without empty structures. */
function configYaml(loaded: Printed, extent: Extent = {}): string {
  const printed = sections(loaded, YAML_FORM, extent)
  const models = modelsOf(loaded, extent.allResources === true)
  return dumpYaml({ ...printed, ...(Object.keys(models).length > 0 && { models: escaped(models) }) })
}

/** In JSON, `x-` keys are only kept at the top level. */
function withoutExtensions(data: Data, path: Path): Data {
  const isTop = path.length === 0
  const isExtension = (key: string) => key.startsWith('x-') && (isTop || keysOf(schemaAt(path)).length > 0)
  const kept = Object.entries(data).filter(([key]) => isTop || !isExtension(key))
  return Object.fromEntries(kept.map(([key, value]) => [key, isExtension(key) ? value : inner(value, [...path, key])]))
}

function inner(value: unknown, path: Path): unknown {
  if (Array.isArray(value)) return value.map((item, index) => inner(item, [...path, index]))
  return isMapping(value) ? withoutExtensions(value, path) : value
}

/** How a format's output differs from the model. */
interface Form {
  service(service: Service): Data
  network(network: Network): Data
  /** Compares keys chosen by the user. */
  compare(a: string, b: string): number
  mapping(entries: [key: string, value: unknown][]): unknown
}

const YAML_FORM: Form = {
  service: withGoTypes,
  network: (network) => ({ ...network }),
  compare: naturally,
  mapping: (entries) => new Map(entries),
}

/** In JSON, structures of compose-go appear even if they are empty. */
const JSON_FORM: Form = {
  service: ({ deploy, develop, volumes, ...service }) => ({
    command: null,
    entrypoint: null,
    ...withGoTypes(service),
    ...(isMapping(develop) && { develop: withCommands(develop) }),
    ...(volumes && { volumes: volumes.map(withoutFalse) }),
    ...(deploy && { deploy: { resources: {}, placement: {}, ...deploy } }),
  }),
  network: (network) => ({ ipam: {}, ...network }),
  compare: (a, b) => (a < b ? -1 : 1),
  mapping: (entries) => Object.fromEntries(entries),
}

function withCommands({ watch, ...develop }: Data): Data {
  if (!Array.isArray(watch)) return develop
  return {
    ...develop,
    watch: watch.map((each: Data) => ({ ...each, exec: { command: null, ...(each.exec as Data) } })),
  }
}

/** JSON does not distinguish `create_host_path: false` from its absence. */
function withoutFalse(mount: Mount): Data {
  if (mount.bind?.create_host_path !== false) return { ...mount }
  const { create_host_path: _, ...bind } = mount.bind
  return { ...mount, bind }
}

const GO_NUMBERS = ['cpu_period', 'cpu_quota', 'cpu_rt_period', 'cpu_rt_runtime']

/** In JSON, microseconds are numbers, and the swappiness is a string. */
function withGoTypes(service: Service): Data {
  const changed = Object.entries(service).map(([key, value]): [string, unknown] => {
    if (GO_NUMBERS.includes(key)) return [key, Number(value)]
    return [key, key === 'mem_swappiness' ? String(value) : value]
  })
  return Object.fromEntries(changed)
}

function sections({ stack, tree }: Printed, form: Form, { allResources }: Extent): Data {
  const used = allResources ? undefined : usedResources(stack)
  const parts: Data = {
    services: mapValues(stack.services, form.service),
    networks: mapValues(chosen(stack.networks, used?.networks), form.network),
    volumes: chosen(stack.volumes, used?.volumes),
    secrets: chosen(stack.secrets, used?.secrets),
    configs: chosen(stack.configs, used?.configs),
  }
  const shown = Object.entries(parts).filter(
    ([key, value]) => key === 'services' || Object.keys(value as Data).length > 0,
  )
  const extensions = [...tree.entries]
    .filter(([key]) => key.startsWith('x-'))
    .sort(([a], [b]) => form.compare(a, b))
    .map(([key, { value }]) => [key, inOrder(escaped(toData(value)), [key], form)])
  const ordered = shown.map(([key, value]) => [key, inOrder(escaped(value), [key], form)])
  return Object.fromEntries([['name', stack.name], ...ordered, ...extensions])
}

function chosen<T>(
  all: Readonly<Record<string, T>>,
  names: ReadonlySet<string> | undefined,
): Readonly<Record<string, T>> {
  if (!names) return all
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
}
