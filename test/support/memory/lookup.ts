import { refuse, type StoredContainer, type StoredNetwork, type World } from './world.ts'

/** By id, name, or the beginning of an id. */
export function findContainer(world: World, reference: string): StoredContainer | undefined {
  const all = [...world.containers.values()]
  const name = reference.replace(/^\//, '')
  return (
    world.containers.get(reference) ??
    all.find((each) => each.name === name) ??
    (reference.length >= 12 ? all.find((each) => each.id.startsWith(reference)) : undefined)
  )
}

export function containerOf(world: World, reference: string): StoredContainer {
  return findContainer(world, reference) ?? refuse(404, `No such container: ${reference}`)
}

export function matchesFilter(
  filter: { labels?: string[]; names?: string[] },
  each: { name: string; labels: Record<string, string> },
): boolean {
  if (filter.names?.length && !filter.names.includes(each.name)) return false
  return matchesLabels(filter.labels ?? [], each.labels)
}

export function matchesLabels(wanted: string[], labels: Record<string, string>): boolean {
  return wanted.every((label) => {
    const [name = '', ...value] = label.split('=')
    return name in labels && (value.length === 0 || labels[name] === value.join('='))
  })
}

/** By id, name, or the beginning of an id. A name that two have is refused. */
export function findNetwork(world: World, reference: string): StoredNetwork | undefined {
  const all = [...world.networks.values()]
  const byId = world.networks.get(reference)
  if (byId) return byId
  const named = all.filter((network) => network.spec.Name === reference)
  if (named.length > 1) refuse(400, `network ${reference} is ambiguous (${named.length} matches found based on name)`)
  return named[0] ?? (reference.length >= 12 ? all.find(({ id }) => id.startsWith(reference)) : undefined)
}

export function networkOf(world: World, reference: string): StoredNetwork {
  return findNetwork(world, reference) ?? refuse(404, `network ${reference} not found`)
}
