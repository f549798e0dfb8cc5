import { COMPOSE, OURS } from '../../src/backend/docker/labels.ts'
import type { ContainerDetail, ContainerSummary, Engine } from '../../src/docker/port.ts'

/** A stack file as data, of what these checks know of; written as JSON it is a stack file. */
export interface StackData {
  services: Record<string, ServiceData>
  networks?: Record<string, null>
  volumes?: Record<string, null>
}

export interface ServiceData {
  image: string
  init?: boolean
  command: string[]
  /** A job ends with exit code 0; it is no key of the format. */
  'x-job'?: boolean
  scale?: number
  environment?: Record<string, string>
  networks?: Record<string, { aliases: string[] } | null>
  /** `name:/target`, or `/target` for an anonymous one. */
  volumes?: string[]
  restart?: string
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[]; interval: string; retries: number }
  stop_grace_period?: string
  logging?: { driver: string; options: Record<string, string> }
}

/** What the engine holds of a project. */
export interface World {
  containers: ContainerDetail[]
  /** Every container of the engine whose name begins with the project's. */
  named: ContainerSummary[]
  /** By name; several of one name are a fault. */
  networks: { name: string; containers: string[] }[]
  volumes: string[]
}

export async function worldOf(engine: Engine, project: string): Promise<World> {
  const filter = { labels: [`${COMPOSE.project}=${project}`] }
  const [listed, all, networks, volumes] = await Promise.all([
    engine.listContainers(filter),
    engine.listContainers({}),
    engine.listNetworks(filter),
    engine.listVolumes(filter),
  ])
  const details = await Promise.all(listed.map(({ id }) => engine.inspectContainer(id)))
  const inspected = await Promise.all(networks.map(({ id }) => engine.inspectNetwork(id)))
  return {
    containers: details.filter((each) => each !== undefined),
    named: all.filter(({ name }) => name.startsWith(`${project}-`)),
    networks: inspected.flatMap((each) => (each ? [{ name: each.name, containers: each.containers ?? [] }] : [])),
    volumes: volumes.map(({ name }) => name),
  }
}

/** Where the engine's state is not what is declared, in words: empty if all is well. */
export function deviations(world: World, project: string, stack: StackData): string[] {
  return [
    ...namesAstray(world, project, stack),
    ...Object.entries(stack.services).flatMap(([service, data]) =>
      replicas(data).flatMap((index) => replicaAstray(world, project, service, data, index)),
    ),
    ...networksAstray(world, project, stack),
    ...missing(
      world.volumes,
      usedVolumes(stack).map((key) => `${project}_${key}`),
      'volume',
    ),
  ]
}

/** What is left of a project after a down: empty if nothing but its volumes. */
export function leftovers(world: World): string[] {
  return [
    ...world.named.map(({ name, state }) => `container ${name} (${state}) is left`),
    ...world.containers.map(({ name, state }) => `container ${name} (${state}) is left with the project's label`),
    ...world.networks.map(({ name }) => `network ${name} is left`),
  ]
}

function replicas({ scale = 1 }: ServiceData): number[] {
  return Array.from({ length: scale }, (_, position) => position + 1)
}

function namesAstray({ containers, named }: World, project: string, stack: StackData): string[] {
  const wanted = Object.entries(stack.services).flatMap(([service, data]) =>
    replicas(data).map((index) => `${project}-${service}-${index}`),
  )
  const found = new Set([...containers.map(({ name }) => name), ...named.map(({ name }) => name)])
  const odd = [...found].filter((name) => !wanted.includes(name))
  return [...odd.map((name) => `container ${name} is not declared`), ...missing([...found], wanted, 'container')]
}

function missing(found: string[], wanted: string[], what: string): string[] {
  return wanted.filter((name) => !found.includes(name)).map((name) => `${what} ${name} is missing`)
}

function replicaAstray(world: World, project: string, service: string, data: ServiceData, index: number): string[] {
  const name = `${project}-${service}-${index}`
  const found = world.containers.find((each) => each.name === name)
  if (!found) return []
  const wanted = data['x-job'] ? 'exited 0' : 'running'
  const state = data['x-job'] ? `${found.state} ${found.exitCode}` : found.state
  const problems = [
    ...unlike('state', state, wanted),
    ...unlike(
      'command',
      found.spec.Cmd,
      data.command.map((word) => word.replaceAll('$$', '$')),
    ),
    ...unlike('restart policy', found.spec.HostConfig.RestartPolicy?.Name || 'no', data.restart ?? 'no'),
    ...unlike('service label', found.labels[COMPOSE.service], service),
    ...environmentAstray(found, data),
    ...endpointsAstray(found, project, service, data),
    ...mountsAstray(found, project, data),
    ...replacesWhatIsThere(world, found),
  ]
  return problems.map((problem) => `${service}-${index}: ${problem}`)
}

function unlike(what: string, found: unknown, wanted: unknown): string[] {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
  return a === b ? [] : [`${what} is ${a} instead of ${b}`]
}

function environmentAstray({ spec }: ContainerDetail, { environment = {} }: ServiceData): string[] {
  const wanted = Object.entries(environment).map(([key, value]) => `${key}=${value}`)
  return missing(spec.Env ?? [], wanted, 'variable')
}

function endpointsAstray(found: ContainerDetail, project: string, service: string, data: ServiceData): string[] {
  const wanted = data.networks ?? { default: null }
  const names = Object.keys(wanted).map((key) => `${project}_${key}`)
  const aliases = Object.entries(wanted).flatMap(([key, attachment]) =>
    missing(
      found.networks[`${project}_${key}`]?.aliases ?? [],
      [service, ...(attachment?.aliases ?? [])],
      `alias in ${key}:`,
    ),
  )
  return [...unlike('set of networks', Object.keys(found.networks).sort(), names.sort()), ...aliases]
}

function mountsAstray(found: ContainerDetail, project: string, { volumes = [] }: ServiceData): string[] {
  return volumes.flatMap((volume) => {
    const [source, target] = volume.startsWith('/') ? [undefined, volume] : volume.split(':')
    const mount = found.mounts.find((each) => each.target === target)
    if (!mount) return [`nothing is mounted at ${target}`]
    return source ? unlike(`volume at ${target}`, mount.name, `${project}_${source}`) : []
  })
}

function replacesWhatIsThere(world: World, found: ContainerDetail): string[] {
  const replaced = found.labels[OURS.replaces]
  return world.containers.some(({ id }) => id === replaced) ? ['what it replaces is still there'] : []
}

/** One network of each name, and in it only containers that are there. */
function networksAstray({ networks, containers }: World, project: string, stack: StackData): string[] {
  const used = Object.values(stack.services).flatMap((service) => Object.keys(service.networks ?? { default: null }))
  const wanted = [...new Set(used)].map((key) => `${project}_${key}`).sort()
  const ids = new Set(containers.map(({ id }) => id))
  const leaks = networks.flatMap(({ name, containers: inside }) =>
    inside.filter((id) => !ids.has(id)).map((id) => `network ${name} counts ${id.slice(0, 12)}, which is not there`),
  )
  const names = networks.map(({ name }) => name)
  const doubles = names.filter((name, at) => names.indexOf(name) !== at).map((name) => `network ${name} is there twice`)
  return [...missing(names, wanted, 'network'), ...doubles, ...leaks]
}

function usedVolumes(stack: StackData): string[] {
  const named = Object.values(stack.services).flatMap(({ volumes = [] }) =>
    volumes.flatMap((volume) => (volume.startsWith('/') ? [] : [volume.split(':')[0] ?? ''])),
  )
  return [...new Set(named)]
}

/** The anonymous volumes of a project's containers: by name of the container and target. */
export function anonymousVolumes({ containers }: World): Record<string, string> {
  return Object.fromEntries(
    containers.flatMap(({ name, mounts }) =>
      mounts.flatMap((mount) =>
        mount.type === 'volume' && /^[0-9a-f]{64}$/.test(mount.name ?? '')
          ? [[`${name} ${mount.target}`, mount.name ?? '']]
          : [],
      ),
    ),
  )
}
