import type { Address } from '../stack/address.ts'
import type { Phase, StepId, When } from './step.ts'

/** Distinguishes steps with the same verb and subject: `-next` for a replacement, `-again` for a second start. */
export type Variant = '' | '-next' | `-again${Conditional}`

/** For steps that only run if one dependency is recreated or restarted. */
type Conditional = '' | `-if-${string}`

/** `monitored`: keeps running after an update; the others are conditions of dependencies. */
const WAITS = ['service_healthy', 'service_completed_successfully', 'running_or_healthy', 'monitored'] as const

/**
 * `back`: start of a container that an interrupted command stopped; `data`: check for written data; `host-…`: steps for
 * containers that share a namespace.
 */
type UndoDeed =
  | 'back'
  | 'connect'
  | 'create'
  | 'data'
  | 'host-start'
  | 'host-stop'
  | 'pause'
  | 'reconnect'
  | 'remove'
  | 'restart'
  | 'start'
  | 'stop'
  | 'update'
  | 'wait'

/**
 * The ids of all steps: `DEED[-VARIANT]:SUBJECT[:DETAIL…]`. Built and parsed in this file only. `container` is a
 * container's id; it is given where several containers can have the same address.
 */
export const stepIds = {
  attach: (of: Address) => idOf('attach', of),
  build: (of: Address) => idOf('build', of),
  check: (of: Address, variant: Variant = '') => idOf(`check${variant}`, of),
  checkRunning: () => idOf('check', 'running'),
  connect: (
    of: Address,
    network: string,
    { variant = '', container }: { variant?: Variant; container?: string } = {},
  ) => idOf(`connect${variant}`, of, network, ...short(container)),
  copy: (of: Address, variant: Variant = '') => idOf(`copy${variant}`, of),
  create: (of: Address, variant: Variant = '') => idOf(`create${variant}`, of),
  /** Between two batches of an update. */
  delay: (of: Address, batch: number) => idOf('pause', of, batch),
  disconnect: (of: Address, network: string, container: string) => idOf('disconnect', of, network, ...short(container)),
  /** For the resource of an external program. */
  down: (of: Address) => idOf('down', of),
  gather: (of: Address) => idOf('gather', of),
  /** `all`: the whole update; otherwise the number of a batch. */
  judge: (of: Address, batch: number | 'all') => idOf('judge', of, batch),
  kill: (of: Address, container: string) => idOf('kill', of, ...short(container)),
  model: (key: string) => idOf('model', key),
  /** The service's names in a network. */
  name: (of: Address, network: string) => idOf('name', of, network),
  unname: (of: Address, network: string) => idOf('unname', of, network),
  pause: (of: Address, container: string) => idOf('pause', of, ...short(container)),
  unpause: (of: Address, container?: string) => idOf('unpause', of, ...short(container)),
  postStart: (of: Address, hook: number, variant: Variant = '') => idOf(`post-start${variant}`, of, hook),
  /** `of`: the whole service or one container. */
  preStart: (of: Address, hook: number, { variant = '', when }: { variant?: Variant; when?: When } = {}) =>
    idOf(`pre-start${variant}`, of, hook, ...(when ? [conditionText(when)] : [])),
  /** `stop`: the id of the stop that the hook runs before. */
  preStop: (stop: StepId, hook: number) => idOf('pre-stop', stop.replace(/^stop:/, ''), hook),
  provide: (of: Address) => idOf('provide', of),
  pull: (of: Address) => idOf('pull', of),
  push: (of: Address) => idOf('push', of),
  rejoin: (of: Address, network: string, container: string) => idOf('rejoin', of, network, ...short(container)),
  remove: (of: Address, container?: string) => idOf('remove', of, ...short(container)),
  rename: (of: Address) => idOf('rename', of),
  /** Before all other steps of the container. */
  renameFirst: (of: Address) => idOf('rename', of, 'first'),
  /** For a restart with a dependency: with any of them, or with the given one. */
  restartStop: (of: Address, dependency?: string) => idOf(`restart-stop${onlyIf(dependency)}`, of),
  restorePolicy: (of: Address) => idOf('update', of, 'restore'),
  start: (of: Address, variant: Variant = '') => idOf(`start${variant}`, of),
  stop: (of: Address, container?: string) => idOf('stop', of, ...short(container)),
  undo: (phase: Phase, deed: UndoDeed, of: Address, ...details: (string | number)[]) =>
    idOf(`${phase}-${deed}`, of, ...details),
  updatePolicy: (of: Address) => idOf('update', of),
  wait: (of: Address, until: (typeof WAITS)[number]) => idOf('wait', of, until),
  /** All waits that can come between a start and the removal of the replaced container. */
  waits: (of: Address) => WAITS.map((until) => idOf('wait', of, until)),
}

/** The variant of the start after `restartStop`. */
export function againVariant(dependency?: string): Variant {
  return `-again${onlyIf(dependency)}`
}

export function stopBefore(removal: StepId): StepId {
  return removal.replace(/^remove:/, 'stop:')
}

/** The deed in the id of an undo or rollback step. */
export function undoDeedOf(id: StepId): UndoDeed {
  return id.slice(0, id.indexOf(':')).replace(/^[^-]+-/, '') as UndoDeed
}

export function shortId(container: string): string {
  return container.slice(0, 12)
}

function idOf(deed: string, ...of: (string | number)[]): StepId {
  return [deed, ...of].join(':')
}

function short(container: string | undefined): string[] {
  return container === undefined ? [] : [shortId(container)]
}

function onlyIf(dependency: string | undefined): Conditional {
  return dependency === undefined ? '' : `-if-${dependency}`
}

function conditionText(when: When): string {
  const value = 'differs' in when ? `differs:${when.differs}` : `equals:${when.equals}`
  return `${when.output}:${when.field}:${value}`
}
