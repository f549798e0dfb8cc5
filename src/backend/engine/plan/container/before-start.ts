import type { After, StepId, When } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { imageAddress, serviceAddress } from '../../../../stack/address.ts'
import type { PreStart } from '../../../../stack/model.ts'
import type { BeforeStart } from '../../action.ts'
import { commandText } from '../../command-text.ts'
import { serviceIn } from '../context.ts'
import { addVolumeClaim } from '../resource-claims.ts'
import { adder, addressOf } from '../steps.ts'
import type { Created, ReplicaInput, UpContext } from '../types.ts'
import { anonymous, specOf } from './before-start-spec.ts'
import { filesOf } from './files.ts'
import { causeOf, isHookContainer } from './hooks.ts'
import { addRemove, addressOfContainer } from './stop.ts'

/**
 * `pre_start`: each hook runs to completion in a separate container. That is like the service's, with the volumes of
 * the container that is about to start, but without ports, names, addresses and a health check. A hook runs once for a
 * service, and not while one of its containers keeps running; with `per_replica` once for each container. Source:
 * docs.docker.com/compose/how-tos/init-containers; docker/compose, pkg/e2e/hooks_test.go.
 * @returns the steps that the start comes after
 */
export function addBeforeStart(input: ReplicaInput, created: Created, after: (After | StepId)[]): StepId[] {
  const { context, slot } = input
  const hooks = serviceIn(context, slot.service).pre_start ?? []
  const leftovers = context.observed.containers
    .filter(isHookContainer)
    .map((each) => stepIds.remove(addressOfContainer(each), each.id))
  let last: StepId[] = []
  for (const [index, hook] of hooks.entries()) {
    if (hook.per_replica !== true && input.once === 'done') continue
    const id = addHook(input, created, { hook, index, after: [...after, ...last, ...leftovers] })
    if (last.length === 0) addVolumeClaim(input, id)
    last = [id]
  }
  return last
}

interface HookStep {
  hook: PreStart
  index: number
  after: (After | StepId)[]
}

function addHook(input: ReplicaInput, created: Created, { hook, index, after }: HookStep): StepId {
  const { context, slot } = input
  const id = idOf(input, created, hook, index)
  const pulled = hook.image ? [pull(context, hook.image, slot.service)] : []
  if (context.builder.has(id)) return id
  return adder(
    input,
    whenOf(input, created, hook),
  )({
    id,
    verb: 'run',
    cause: causeOf('pre_start', hook),
    after: [...after, ...pulled],
    action: { kind: 'run-before-start', ...run(input, created, hook, index) },
  })
}

/** The condition of a hook: that of its container or, for one that runs once, that no container keeps running. */
function whenOf({ once }: ReplicaInput, { when }: Created, { per_replica }: PreStart): When | undefined {
  if (when || per_replica) return when
  return typeof once === 'object' ? once : undefined
}

/** Containers that are replaced under the same condition share the hooks that run once. */
function idOf(input: ReplicaInput, created: Created, hook: PreStart, index: number): StepId {
  const { slot } = input
  const when = whenOf(input, created, hook)
  const condition = when ? { when } : {}
  return hook.per_replica
    ? stepIds.preStart(addressOf(slot), index, { variant: created.variant, ...condition })
    : stepIds.preStart(serviceAddress(slot.service), index, condition)
}

/**
 * Removes containers of `pre_start` hooks that killed commands left. Returns, by name, the step after which the name is
 * free.
 */
export function removeHookContainers({ builder, observed, intent }: UpContext): [string, StepId][] {
  const timeout = intent.timeout === undefined ? {} : { timeout: intent.timeout }
  const cause = 'left over from an interrupted pre_start hook'
  return observed.containers
    .filter(isHookContainer)
    .map((each) => [each.name, addRemove(builder, each, { cause, after: [], volumes: false, ...timeout })])
}

function pull(context: UpContext, reference: string, service: string): StepId | undefined {
  const { imageOf, builder, declared } = context
  const id = stepIds.pull(imageAddress(reference))
  if (builder.has(id) || imageOf(reference)) return id
  const platform = declared.stack.defaultPlatform
  const action = { kind: 'pull-image', reference, service, ...(platform && { platform }) } as const
  return builder.add({
    id,
    service,
    subject: imageAddress(reference),
    verb: 'pull',
    cause: 'not on this engine',
    action,
  })
}

function run(input: ReplicaInput, created: Created, hook: PreStart, index: number): BeforeStart {
  const { context, slot, lowered, networks } = input
  const { stack } = context.declared
  const own = hook.per_replica ? [`${slot.index}`] : []
  return {
    service: slot.service,
    index,
    command: commandText(hook.command),
    name: [stack.name, slot.service, 'pre_start', ...own, index].join('-'),
    spec: specOf(lowered.spec, hook, index),
    ...(lowered.platform && { platform: lowered.platform }),
    volumesOf: created.container,
    networks: lowered.endpoints.flatMap(([key, endpoint]) => {
      const name = networks.some((each) => each.key === key) ? stack.networks[key]?.name : undefined
      return name === undefined ? [] : [{ name, endpoint: anonymous(endpoint) }]
    }),
    files: filesOf(context, slot.service),
    waiting: input.waiting,
  }
}
