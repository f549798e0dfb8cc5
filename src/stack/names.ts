import { type Address, kindOf, nameIn, replicaAt } from './address.ts'
import type { Service, Stack } from './model.ts'

type Naming = Pick<Stack, 'name' | 'separator'>

/** The container name that `docker compose` would use, so that either tool finds the other's containers. */
export function containerName(stack: Naming, service: string, spec: Service, index: number): string {
  return spec.container_name ?? [stack.name, service, index].join(stack.separator ?? '-')
}

/** The image that a service runs: as declared, or the tag for a build without an image name. */
export function imageName(stack: Naming, service: string, spec: Service): string {
  return spec.image ?? [stack.name, service].join(stack.separator ?? '-')
}

/** The engine's name for the subject of a step; without the stack, according to the default naming rules. */
export function engineName(address: Address, project: string, stack?: Stack): string {
  const name = nameIn(address)
  const replica = replicaAt(address)
  if (replica) {
    const spec = stack?.services[replica.service] ?? stack?.inactive[replica.service]
    return containerName(stack ?? { name: project }, replica.service, spec ?? {}, replica.number)
  }
  const kind = kindOf(address)
  if (kind === 'network') return stack?.networks[name]?.name ?? `${project}_${name}`
  return kind === 'volume' ? (stack?.volumes[name]?.name ?? `${project}_${name}`) : name
}

/** How many containers a service has. */
export function replicasOf(spec: Service): number {
  return spec.deploy?.replicas ?? spec.scale ?? 1
}

/** The container that a reference to a service means: the service's first. */
export function firstContainer(stack: Naming & Pick<Stack, 'services'>, service: string): string {
  return containerName(stack, service, stack.services[service] ?? {}, 1)
}
