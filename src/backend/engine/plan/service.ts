import type { StepId } from '../../../plan/step.ts'
import type { Slot } from '../observe/slots.ts'
import { carryOutUnless } from './conditional.ts'
import { conditionToReplace, decide } from './container/decide.ts'
import { renewedDependencies, restartCause, restartReplica } from './container/dependents.ts'
import { lazyLower } from './container/lazy-lower.ts'
import { namesFreed } from './container/names.ts'
import { runOnceFor } from './container/once.ts'
import { afterDependencies, waitersOf } from './container/readiness.ts'
import { createReplica, keepReplica } from './container/replica.ts'
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
  if (serviceIn(context, name).provider) return [planProvider(context, name, planned)]
  const common = resourcesOf(context, name, planned)
  const labels = noteInitials(context, name)
  const waiting = waitersOf(context, name)
  const turns = updateBatches(context, name)
  const candidates = (context.slots.get(name) ?? []).map((slot) => candidateFor(common, slot))
  const once = runOnceFor(candidates, planned)
  return candidates.map((candidate) => {
    const before = [...common.before, ...namesFreed(context, candidate.slot, freed)]
    const rollout = turns ? { rollout: turns.next() } : {}
    const given = { ...candidate, shares: common.shared.ids, before, ready: [], labels, waiting, once, ...rollout }
    const replica = planReplica(candidate, given, planned)
    restartWithHosts(context, candidate.slot, planned)
    turns?.add(replica)
    return replica
  })
}

/** The inputs shared by all replicas of a service; `before`: the steps that precede all of them. */
type Resources = Pick<Candidate, 'context' | 'image' | 'networks' | 'shared'> & Pick<ReplicaInput, 'before'>

function resourcesOf(context: UpContext, name: string, planned: Planned): Resources {
  const image = planImage(context, name)
  const networks = networksOf(context, name)
  const shared = sharedBy(context, name, planned)
  const volumes = planVolumes(context, serviceIn(context, name))
  return {
    context,
    image,
    networks,
    shared,
    before: [...volumes, ...planMountedImages(context, name), ...shared.settled],
  }
}

function candidateFor({ context, image, networks, shared }: Resources, slot: Slot): Candidate {
  const { api, engineHost, declared } = context
  const { stack, sensitive } = declared
  const service = serviceIn(context, slot.service)
  const lowered = lazyLower({ stack, name: slot.service, service, index: slot.index, api, engineHost, sensitive })
  const provided = addGather(context, slot, image)
  return { context, slot, image, lowered, networks, shared, ...(provided && { provided }) }
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
  const withReady = (input: ReplicaInput) => ({ ...input, ready: afterDependencies(context, slot.service, planned) })
  const resumed = resume(candidate, () => withReady(given))
  if (resumed) return resumed
  const input = { ...given, before: [...given.before, ...clearLeftovers(candidate, given.before)] }
  const decision = decide(candidate)
  if (decision.kind === 'create' || decision.kind === 'replace') {
    noteUnkept(context, slot)
    if (decision.kind === 'replace') noteOutdated(context, slot, decision.changes, given.labels)
    return carryOut(decision, withReady(input))
  }
  const condition = conditionToReplace(candidate)
  const renewed = decision.kind === 'start' ? [] : renewedDependencies(input, planned)
  if (decision.kind === 'keep' && !condition && renewed.length === 0) return keepReplica(input)
  if (renewed.length === 0) return carryOutUnless(condition, decision, withReady(input))
  // Its own image may change too; recreating it includes the restart.
  const ready = withReady(input)
  return condition ? replaceReplica(ready, restartCause(renewed), []) : restartReplica(ready, renewed)
}

function carryOut(decision: Decision & { kind: 'create' | 'replace' }, input: ReplicaInput): PlannedReplica {
  if (decision.kind === 'create') return createReplica(input, decision.cause)
  return replaceReplica(input, decision.cause, decision.changes)
}
