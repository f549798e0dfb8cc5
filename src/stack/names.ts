import type { Service, Stack } from './model.ts'

/** Names as `docker compose` gives them, so that either tool finds what the other made. */
export function containerName(stack: Pick<Stack, 'name'>, service: string, spec: Service, index: number): string {
  return spec.container_name ?? `${stack.name}-${service}-${index}`
}

/** The image a service runs: as declared, or the name that a build without one is tagged with. */
export function imageName(stack: Pick<Stack, 'name'>, service: string, spec: Service): string {
  return spec.image ?? `${stack.name}-${service}`
}

/** How many containers a service has. */
export function replicasOf(spec: Service): number {
  return spec.deploy?.replicas ?? spec.scale ?? 1
}

/** The container that is meant where one service names another: its first. */
export function firstContainer(stack: Pick<Stack, 'name' | 'services'>, service: string): string {
  return containerName(stack, service, stack.services[service] ?? {}, 1)
}
