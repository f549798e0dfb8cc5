import { warning } from '../../../diagnostics/diagnostic.ts'
import type { After, StepId } from '../../../plan/step.ts'
import { spacesOf } from '../../../stack/dependencies.ts'
import type { Mount, Service } from '../../../stack/model.ts'
import { milliseconds } from '../../../stack/units.ts'
import { serviceIn, type UpContext } from './context.ts'
import { isJob } from './decide.ts'
import type { Slot } from './slots.ts'
import { addressOf, type PlannedReplica, waitIds } from './steps.ts'

/** How the replicas of a service are replaced (`deploy.update_config`, Compose Deploy Specification). */
export interface Rollout {
  startFirst: boolean
  monitorMs: number
  /** What must be over before this replica's turn. */
  turn: After[]
  /** Steps of the other replicas that must succeed before anything old is removed: all go back together. */
  unit: StepId[]
}

/** Hands out the turns of a service's replicas, in batches of `parallelism`, with `delay` between them. */
export interface Turns {
  next(): Rollout
  /** Told what was planned for a replica; one that is not replaced takes no turn. */
  took(replica: PlannedReplica): void
}

/** @returns undefined for a service that does not say how it is updated: then all its replicas are replaced at once */
export function turnsOf(context: UpContext, name: string): Turns | undefined {
  const service = serviceIn(context, name)
  const config = service.deploy?.update_config
  if (!config) return undefined
  const parallelism = config.parallelism ?? 1
  const common = {
    startFirst: config.order === 'start-first' && mayStartFirst(context, name, service),
    monitorMs: config.monitor ? milliseconds(config.monitor) : 0,
    unit: config.failure_action === 'rollback' ? provingSteps(context.slots.get(name) ?? []) : [],
  }
  let turn: After[] = []
  let batch: PlannedReplica[] = []
  let batches = 0
  const endBatch = () => {
    turn = afterBatch(context, name, batch, ++batches)
    batch = []
  }
  return {
    next: () => ({ ...common, turn }),
    took(replica) {
      if (!isReplaced(replica)) return
      batch.push(replica)
      if (parallelism > 0 && batch.length >= parallelism) endBatch()
    },
  }
}

function isReplaced({ slot, started }: PlannedReplica): boolean {
  return slot.current !== undefined && started.some((step) => step.startsWith('start-next:'))
}

/** The steps by which replacements prove themselves; ids that are not planned count for nothing. */
function provingSteps(slots: Slot[]): StepId[] {
  return slots.flatMap((slot) => [`start-next:${addressOf(slot)}`, ...waitIds(slot)])
}

/** The next batch comes after this one has proved itself, and after the delay; a failure lets it come only if the update goes on anyway. */
function afterBatch(context: UpContext, name: string, batch: PlannedReplica[], number: number): After[] {
  const config = serviceIn(context, name).deploy?.update_config ?? {}
  const proven = batch.flatMap(({ slot, started }) => [...started, ...waitIds(slot)])
  const judged = judge(context, name, proven, number)
  const delay = config.delay ? milliseconds(config.delay) : 0
  if (delay === 0) return judged
  const action = { kind: 'pause', ms: delay } as const
  const id = `pause:service/${name}:${number}`
  const step = context.builder.add({
    id,
    subject: `service/${name}`,
    verb: 'wait',
    cause: 'delay between updates',
    after: judged,
    action,
  })
  return [{ step, on: 'success' }]
}

/** `max_failure_ratio`: so many of the service's replicas may fail before the update stops; with `continue` it never does. */
function judge(context: UpContext, name: string, proven: StepId[], number: number): After[] {
  const { failure_action, max_failure_ratio = 0 } = serviceIn(context, name).deploy?.update_config ?? {}
  const slots = context.slots.get(name) ?? []
  const tolerated = Math.floor(max_failure_ratio * slots.length)
  if (failure_action === 'continue') return proven.map((step) => ({ step, on: 'settled' }))
  if (tolerated === 0) return proven.map((step) => ({ step, on: 'success' }))
  const replicas = slots.map((slot) => [`start-next:${addressOf(slot)}`, ...waitIds(slot)])
  const action = { kind: 'judge-update', service: name, replicas, tolerated } as const
  const after = proven.map((step) => ({ step, on: 'settled' }) as const)
  const cause = `at most ${tolerated} of ${slots.length} may fail`
  const id = `judge:service/${name}:${number}`
  return [
    {
      step: context.builder.add({ id, subject: `service/${name}`, verb: 'check', cause, after, action }),
      on: 'success',
    },
  ]
}

/** Two containers at once would hurt where they share what only one can have: then the old one stops first, and the user is told. */
function mayStartFirst(context: UpContext, name: string, service: Service): boolean {
  const reason = obstacles(context, name, service)[0]
  if (reason === undefined) return true
  const at = context.declared.spanOf(`services.${name}.deploy.update_config.order`)
  context.builder.note(
    warning('not-supported', `"${name}" is updated stop-first: two containers at once cannot share ${reason}`, { at }),
  )
  return false
}

function obstacles(context: UpContext, name: string, service: Service): string[] {
  const attachments = Object.values(service.networks ?? {})
  const others = Object.keys(context.declared.stack.services).filter((each) => each !== name)
  const sharesSpace = (each: string) => spacesOf(serviceIn(context, each)).includes(name)
  const carried = (context.slots.get(name) ?? []).some((slot) =>
    slot.current?.mounts.some((mount) => mount.type === 'volume' && !mount.readOnly),
  )
  const found: [boolean, string][] = [
    [(service.volumes ?? []).some(isWritable) || carried, 'a writable volume or directory'],
    [(service.volumes_from ?? []).length > 0, 'the volumes of another service'],
    [(service.ports ?? []).some((port) => port.published !== undefined), 'a host port'],
    [attachments.some((each) => each?.ipv4_address || each?.ipv6_address || each?.mac_address), 'a static address'],
    [service.mac_address !== undefined, 'a static address'],
    [service.network_mode === 'host', "the host's network"],
    [/^(service|container):/.test(service.network_mode ?? ''), 'a network namespace'],
    [others.some(sharesSpace), 'a namespace with another service'],
    [(service.devices ?? []).length > 0, 'a device'],
    [isJob(context, name), 'work that is done once'],
  ]
  return found.flatMap(([applies, what]) => (applies ? [what] : []))
}

function isWritable(mount: Mount): boolean {
  return (mount.type === 'volume' || mount.type === 'bind') && !mount.read_only
}
