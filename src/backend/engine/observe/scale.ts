import { type Diagnostic, error } from '../../../diagnostics/diagnostic.ts'
import type { Service, Stack } from '../../../stack/model.ts'
import { replicasOf } from '../../../stack/names.ts'
import type { Declared } from '../../backend.ts'
import type { Intent } from '../../intent.ts'
import { hostPortsOf } from './ports.ts'

/** The stack with as many replicas as the intent requests. `scaleProblems` reports whether that is possible. */
export function scaledStack(stack: Stack, intent: Intent | undefined): Stack {
  const scale = intent?.kind === 'up' ? intent.scale : undefined
  if (!scale) return stack
  const services = Object.entries(stack.services).map(([name, service]) => {
    const count = Object.hasOwn(scale, name) ? scale[name] : undefined
    return [name, count === undefined ? service : scaledService(service, count)] as const
  })
  return { ...stack, services: Object.fromEntries(services) }
}

function scaledService(service: Service, count: number): Service {
  const { deploy } = service
  return { ...service, scale: count, ...(deploy?.replicas !== undefined && { deploy: { ...deploy, replicas: count } }) }
}

/** Reports services that cannot be scaled that far, because they have a fixed name or a single host port. */
export function scaleProblems({ stack, spanOf }: Declared, names: readonly string[]): Diagnostic[] {
  return names.flatMap((name) => {
    const service = stack.services[name] ?? {}
    const count = replicasOf(service)
    if (count < 2) return []
    return [...nameProblems(name, service, count, spanOf), ...portProblems(name, service, count, spanOf)]
  })
}

function nameProblems(name: string, service: Service, count: number, spanOf: Declared['spanOf']): Diagnostic[] {
  if (service.container_name === undefined) return []
  const message = `service "${name}" cannot have ${count} containers: only one container can have its container_name`
  const at = spanOf(`services.${name}.container_name`)
  return [error('conflicting-keys', message, { at, hint: `remove container_name from service "${name}"` })]
}

function portProblems(name: string, service: Service, count: number, spanOf: Declared['spanOf']): Diagnostic[] {
  const short = hostPortsOf(service).find(({ from, to }) => to - from + 1 < count)
  if (!short) return []
  const ports = short.from === short.to ? `host port ${short.from}` : `host ports ${short.from}-${short.to}`
  const message = `service "${name}" cannot have ${count} containers: they would share ${ports}`
  const hint = `publish a range of at least ${count} ports, or leave the host port out`
  return [error('port-taken-twice', message, { at: spanOf(`services.${name}.ports`), hint })]
}
