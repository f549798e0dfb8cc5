import type { Address } from '../stack/address.ts'
import type { Phase, StepId, When } from './step.ts'

/** Tells apart steps that do the same to one subject: `-next` is about a replacement, `-again` about a second start. */
export type Variant = '' | '-next' | `-again${Conditional}`

/** Of steps that only run if one dependency is renewed. */
type Conditional = '' | `-if-${string}`

/** `monitored`: that it keeps running after an update; the others are conditions of dependencies. */
const WAITS = ['service_healthy', 'service_completed_successfully', 'running_or_healthy', 'monitored'] as const

/** `back`: a start of what an interrupted command had stopped; `data`: a look at what was written; `host-…`: what shares namespaces. */
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
 * The ids of all steps: `DEED[-VARIANT]:SUBJECT[:DETAIL…]`. Built and read in this file only. `container` is the id of a container, where
 * several could have the same address.
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
  /** What an external program provides is taken down. */
  down: (of: Address) => idOf('down', of),
  gather: (of: Address) => idOf('gather', of),
  /** `all`: the whole update, else the batch of that number. */
  judge: (of: Address, batch: number | 'all') => idOf('judge', of, batch),
  kill: (of: Address, container: string) => idOf('kill', of, ...short(container)),
  model: (key: string) => idOf('model', key),
  /** The names of its service in a network. */
  name: (of: Address, network: string) => idOf('name', of, network),
  unname: (of: Address, network: string) => idOf('unname', of, network),
  pause: (of: Address, container: string) => idOf('pause', of, ...short(container)),
  unpause: (of: Address, container?: string) => idOf('unpause', of, ...short(container)),
  postStart: (of: Address, hook: number, variant: Variant = '') => idOf(`post-start${variant}`, of, hook),
  /** Before a start; `of` the whole service or one container. */
  preStart: (of: Address, hook: number, { variant = '', when }: { variant?: Variant; when?: When } = {}) =>
    idOf(`pre-start${variant}`, of, hook, ...(when ? [conditionText(when)] : [])),
  /** Before a stop with that id. */
  preStop: (stop: StepId, hook: number) => idOf('pre-stop', stop.replace(/^stop:/, ''), hook),
  provide: (of: Address) => idOf('provide', of),
  pull: (of: Address) => idOf('pull', of),
  rejoin: (of: Address, network: string, container: string) => idOf('rejoin', of, network, ...short(container)),
  remove: (of: Address, container?: string) => idOf('remove', of, ...short(container)),
  rename: (of: Address) => idOf('rename', of),
  /** Before anything else is done to it. */
  renameFirst: (of: Address) => idOf('rename', of, 'first'),
  /** To be started again once a dependency is renewed, whichever it is or that one. */
  restartStop: (of: Address, dependency?: string) => idOf(`restart-stop${onlyIf(dependency)}`, of),
  restorePolicy: (of: Address) => idOf('update', of, 'restore'),
  start: (of: Address, variant: Variant = '') => idOf(`start${variant}`, of),
  stop: (of: Address, container?: string) => idOf('stop', of, ...short(container)),
  undo: (phase: Phase, deed: UndoDeed, of: Address, ...details: (string | number)[]) =>
    idOf(`${phase}-${deed}`, of, ...details),
  updatePolicy: (of: Address) => idOf('update', of),
  wait: (of: Address, until: (typeof WAITS)[number]) => idOf('wait', of, until),
  /** All waits that may stand between a start and the removal of what it replaces. */
  waits: (of: Address) => WAITS.map((until) => idOf('wait', of, until)),
}

/** The start after a stop for a dependency: whichever it is, or that one. */
export function againVariant(dependency?: string): Variant {
  return `-again${onlyIf(dependency)}`
}

/** The id of the stop that comes before a removal. */
export function stopBefore(removal: StepId): StepId {
  return removal.replace(/^remove:/, 'stop:')
}

/** What a step of a phase does, in the words of its id. */
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
