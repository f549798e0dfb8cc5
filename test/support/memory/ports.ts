import { refuse, type StoredContainer, type World } from './world.ts'

type Published = StoredContainer['ports'][number]

const EVERYWHERE = ['', '0.0.0.0', '::']
const FIRST_FREE = 32768

/** Publishes a starting container's ports: all of them, or none and the start fails. */
export function publish(world: World, container: StoredContainer): void {
  const ports: Published[] = []
  for (const [key, bindings] of Object.entries(container.spec.HostConfig.PortBindings ?? {})) {
    const [target = '', protocol = 'tcp'] = key.split('/')
    for (const { HostIp, HostPort } of bindings) {
      const wanted = { hostIp: HostIp || '0.0.0.0', target: Number(target), protocol }
      ports.push({ ...wanted, published: choose(world, container, wanted, HostPort, ports) })
    }
  }
  container.ports = ports
}

/** `8080`, a range of which the first free one is taken, or nothing for any. */
function choose(
  world: World,
  container: StoredContainer,
  wanted: Omit<Published, 'published'>,
  hostPort: string,
  own: Published[],
): number {
  const [first = 0, last] = hostPort.split('-').map(Number)
  const held = (published: number) => isHeld(world, { ...wanted, published }, own)
  const from = first || FIRST_FREE
  const to = first ? (last ?? first) : 65535
  for (let published = from; published <= to; published++) {
    if (!held(published) && !world.portsInUse.has(published)) return published
  }
  return portRefused(container, `${wanted.hostIp}:${first}`, held(first))
}

function isHeld(world: World, wanted: Published, own: Published[]): boolean {
  const all = [...[...world.containers.values()].flatMap(({ ports }) => ports), ...own]
  return all.some(
    ({ hostIp, published, protocol }) =>
      published === wanted.published &&
      protocol === wanted.protocol &&
      (hostIp === wanted.hostIp || EVERYWHERE.includes(hostIp) || EVERYWHERE.includes(wanted.hostIp)),
  )
}

function portRefused(container: StoredContainer, address: string, byContainer: boolean): never {
  const reason = byContainer
    ? `Bind for ${address} failed: port is already allocated`
    : `Error starting userland proxy: listen tcp4 ${address}: bind: address already in use`
  const endpoint = `${container.name} (${container.id})`
  return refuse(500, `driver failed programming external connectivity on endpoint ${endpoint}: ${reason}`)
}
