import { error } from '../../../diagnostics/diagnostic.ts'
import { type Engine, EngineError } from '../../../docker/port.ts'
import { StepFailure, type StepOutput } from '../../../run/scope.ts'
import { COMPOSE } from '../../../stack/labels.ts'
import type { EngineActions } from '../action.ts'
import { oldest } from '../plan/networks.ts'
import { moved } from './moved.ts'

/**
 * Engines create two networks of one name without complaint, so two commands at once may both have done it: after creating, the
 * oldest of ours is the one that counts, and what we made in vain goes again.
 */
export async function createNetwork(engine: Engine, { spec }: EngineActions['create-network']): Promise<StepOutput> {
  const made = await engine.createNetwork(spec).catch((thrown) => {
    const taken = thrown instanceof EngineError && thrown.status === 409
    throw taken ? moved(`network ${spec.Name} appeared meanwhile`, thrown) : thrown
  })
  const project = spec.Labels?.[COMPOSE.project] ?? ''
  const named = await engine.listNetworks({ names: [spec.Name], labels: [`${COMPOSE.project}=${project}`] })
  const counts = oldest(named.filter((each) => each.name === spec.Name)) ?? made
  if (counts.id !== made.id) await engine.removeNetwork(made.id)
  return { networkId: counts.id }
}

/** One that is gone already is as good as removed. A leaked endpoint is said for what it is: no container holds it. */
export async function removeNetwork(engine: Engine, id: string, name: string): Promise<void> {
  try {
    await engine.removeNetwork(id)
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.status === 404) return
    const containers = await engine.inspectNetwork(id).then(
      (detail) => detail?.containers,
      () => undefined,
    )
    if (containers?.length !== 0) throw thrown
    throw leaked(name, thrown)
  }
}

function leaked(name: string, cause: unknown): StepFailure {
  const text = `network "${name}" cannot be removed: the engine counts an endpoint of a container that is gone`
  const hint = 'go on without, or restart the engine, which clears it'
  return new StepFailure(error('engine-error', text, { hint }), undefined, { cause })
}
