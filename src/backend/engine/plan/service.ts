import type { StepId, When } from '../../../plan/step.ts'
import { imageName } from '../../../stack/names.ts'
import { planConnects } from './container/connects.ts'
import { conditionToReplace, decide } from './container/decide.ts'
import { renewedDependencies, restartCause, restartReplica } from './container/dependents.ts'
import { addDueHooks } from './container/hooks.ts'
import { lazyLower } from './container/lazy-lower.ts'
import { namesFreed } from './container/names.ts'
import { runOnceFor } from './container/once.ts'
import { afterDependencies, waitersOf } from './container/readiness.ts'
import { createReplica, keepReplica, startReplica, unpauseReplica } from './container/replica.ts'
import { sharedBy } from './container/shared.ts'
import { serviceIn } from './context.ts'
import { clearLeftovers, resume } from './recover.ts'
import { planImage, planMountedImages } from './resource/images.ts'
import { noteInitials } from './resource/initials.ts'
import { planNetwork } from './resource/networks.ts'
import { planProvider } from './resource/provider.ts'
import { addGather } from './resource/supplies.ts'
import { noteOutdated, noteUnkept } from './resource/unkept.ts'
import { planVolumes } from './resource/volumes.ts'
import type { Candidate, Decision, Planned, PlannedReplica, ReplicaInput, UpContext } from './types.ts'
import { replaceReplica } from './update/replace.ts'
import { updateBatches } from './update/rollout.ts'
import { restartWithHosts } from './update/undo-guests.ts'

/**
 * Plans a service: its image, networks and volumes once, then each replica. `freed`: the steps after which names are
 * free.
 */
export function planService(
  context: UpContext,
  name: string,
  planned: Planned,
  freed: ReadonlyMap<string, StepId>,
): PlannedReplica[] {
  const service = serviceIn(context, name)
  if (service.provider) return [planProvider(context, name, planned)]
  const image = planImage(context, name)
  const networks = networksOf(context, name)
  const shared = sharedBy(context, name, planned)
  const before = [...planVolumes(context, service), ...planMountedImages(context, name), ...shared.settled]
  const labels = noteInitials(context, name)
  const common = { context, image, networks, labels, shares: shared.ids, waiting: waitersOf(context, name) }
  const turns = updateBatches(context, name)
  const candidates = (context.slots.get(name) ?? []).map((slot): Candidate => {
    const { api, engineHost, declared } = context
    const { stack, sensitive } = declared
    const lowered = lazyLower({ stack, name, service, index: slot.index, api, engineHost, sensitive })
    const gathered = addGather(context, slot, image)
    return { context, slot, image, lowered, networks, shared, ...(gathered && { provided: gathered }) }
  })
  const once = runOnceFor(candidates, planned)
  return candidates.map((candidate) => {
    const { slot, lowered, provided } = candidate
    const told = provided ? { provided } : {}
    const free = namesFreed(context, slot, freed)
    const rollout = turns ? { rollout: turns.next() } : {}
    const input = { ...common, slot, lowered, before: [...before, ...free], ready: [], once, ...rollout, ...told }
    const replica = planReplica(candidate, input, planned)
    restartWithHosts(context, slot, planned)
    turns?.add(replica)
    return replica
  })
}

export function networksOf(context: UpContext, name: string): ReplicaInput['networks'] {
  const service = serviceIn(context, name)
  const keys = Object.keys(service.network_mode ? {} : (service.networks ?? {})).sort()
  return keys.flatMap((key) => {
    const found = planNetwork(context, key)
    return found ? [{ key, planned: found }] : []
  })
}

function planReplica(candidate: Candidate, given: ReplicaInput, planned: Planned): PlannedReplica {
  const { context, slot } = candidate
  const resumed = resume(candidate, () => ({ ...given, ready: afterDependencies(context, slot.service, planned) }))
  if (resumed) return resumed
  const input = { ...given, before: [...given.before, ...clearLeftovers(candidate, given.before)] }
  const decision = decide(candidate)
  if (decision.kind === 'create' || decision.kind === 'replace') noteUnkept(context, slot)
  if (decision.kind === 'replace') noteOutdated(context, slot, decision.changes, given.labels)
  const condition =
    decision.kind === 'create' || decision.kind === 'replace' ? undefined : conditionToReplace(candidate)
  const renewed = decision.kind === 'keep' || decision.kind === 'unpause' ? renewedDependencies(input, planned) : []
  if (decision.kind === 'keep' && !condition && renewed.length === 0) return keepReplica(input)
  const ready = { ...input, ready: afterDependencies(context, slot.service, planned) }
  switch (decision.kind) {
    case 'create':
      return createReplica(ready, decision.cause)
    case 'replace':
      return replaceReplica(ready, decision.cause, decision.changes)
    case 'keep':
    case 'unpause':
      if (renewed.length === 0) return keepOrUnpause(ready, decision, condition)
      // Its own image may change too; recreating it includes the restart.
      return condition ? replaceReplica(ready, restartCause(renewed), []) : restartReplica(ready, renewed)
    case 'start':
      return condition
        ? startOrReplace(ready, condition, startReplica, decision.cause)
        : startReplica(ready, decision.cause)
  }
}

function replaceIf(input: ReplicaInput, when: When): PlannedReplica {
  const { context, slot } = input
  const cause = `image ${imageName(context.declared.stack, slot.service, serviceIn(context, slot.service))} changed`
  const told = 'the variables of its providers, or its image, changed'
  return { ...replaceReplica(input, input.provided ? told : cause, [], when), when }
}

function keepOrUnpause(input: ReplicaInput, decision: Decision & { kind: 'keep' | 'unpause' }, when: When | undefined) {
  if (decision.kind === 'keep') return keepOrReplace(input, when)
  return when ? startOrReplace(input, when, unpauseReplica, decision.cause) : unpauseReplica(input, decision.cause)
}

/** A running container whose image may change: it is kept, and connected to its networks, until that is known. */
function keepOrReplace(input: ReplicaInput, when: When | undefined): PlannedReplica {
  const connected = [...planConnects(input), ...addDueHooks(input)]
  return when ? replaceIf({ ...input, before: [...input.before, ...connected] }, when) : keepReplica(input)
}

/** A stopped container whose image may change: it is replaced if the image changes, otherwise `again` starts it. */
function startOrReplace(input: ReplicaInput, when: When, again: typeof startReplica, cause: string): PlannedReplica {
  const ready = [...input.ready, { step: when.output, on: 'success' as const }]
  const same = again({ ...input, ready }, cause, opposite(when))
  const { when: _condition, ...other } = replaceIf(input, when)
  return { ...other, started: [...same.started, ...other.started], settled: [...same.settled, ...other.settled] }
}

function opposite(when: When): When {
  const { output, field } = when
  return 'differs' in when ? { output, field, equals: when.differs } : { output, field, differs: when.equals }
}
