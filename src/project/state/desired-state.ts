export type Desired = 'running' | 'stopped'

/** One container of a service, by its number. */
export interface ReplicaSlot {
  service: string
  number: number
}

/** The desired state of a service's containers. */
export interface DesiredService {
  /** For all of them, from the last command; absent if no command set it. */
  all?: Desired
  /** Their number, if a command set another one than the stack declares. */
  count?: number
  /** For single containers, by number, from later observations. */
  overrides?: Record<string, Desired>
}

/** The desired state of a project, derived from commands and from the actions of the engine's other users. Plain JSON data. */
export interface DesiredState {
  /** By service; nobody has requested anything about services that are missing. */
  services: Record<string, DesiredService>
  /** Services that a command in progress stops only in order to start them again. */
  inProgress?: InProgress
}

export interface InProgress {
  command: string
  services: string[]
}

export const NOTHING_DESIRED: DesiredState = { services: {} }

/** Whether a container should run; undefined if unknown. `declared`: the number of replicas in the stack. */
export function isDesired(
  { services }: DesiredState,
  { service, number }: ReplicaSlot,
  declared: number,
): boolean | undefined {
  const desired = services[service]
  const overrides = desired?.overrides?.[number]
  if (overrides !== undefined) return overrides === 'running'
  if (desired?.all === undefined) return undefined
  return desired.all === 'running' && number <= (desired.count ?? declared)
}

/** Adds an observation about one container. */
export function withOverride(desired: DesiredState, { service, number }: ReplicaSlot, want: Desired): DesiredState {
  const known = desired.services[service] ?? {}
  if (known.overrides?.[number] === want) return desired
  const overrides = { ...known.overrides, [number]: want }
  return { ...desired, services: { ...desired.services, [service]: { ...known, overrides } } }
}
