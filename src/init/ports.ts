import type { Port, Template } from './template.ts'

/** Ports on this machine, by their variables. */
export type HostPorts = ReadonlyMap<string, number>

/**
 * A different port on this machine for each port of the services: the preferred one, or else the next that neither another service
 * nor, as `isTaken` says, this machine uses.
 */
export function hostPorts(templates: readonly Template[], isTaken: (port: number) => boolean = () => false): HostPorts {
  const ports = new Map<string, number>()
  for (const port of templates.flatMap((template) => template.ports)) {
    const used = new Set(ports.values())
    const wanted = preferenceOf(port)
    let free = wanted
    while (used.has(free) || isTaken(free) || (free !== wanted && isPreferred(free, templates))) free++
    ports.set(port.variable, free)
  }
  return ports
}

/** Whether another service would get the port: services that come later keep theirs. */
function isPreferred(port: number, templates: readonly Template[]): boolean {
  return templates.some(({ ports }) => ports.some((each) => preferenceOf(each) === port))
}

function preferenceOf({ host, container }: Port): number {
  return host ?? container
}
