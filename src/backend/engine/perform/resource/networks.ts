import { error } from '../../../../diagnostics/diagnostic.ts'
import { type Engine, EngineError } from '../../../../docker/port.ts'
import { StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { remediesFor } from '../../../docker/remedies.ts'
import type { EngineActions } from '../../action.ts'
import { oldest } from '../../observe/networks.ts'
import { conflict } from '../failure/conflict.ts'

/**
 * Older engines accept two networks with the same name, and then start no container in either. Two concurrent commands may both have
 * created one, or a killed command's call may have completed late: our oldest network is kept, the others are removed.
 */
export async function createNetwork(engine: Engine, { spec }: EngineActions['create-network']): Promise<StepOutput> {
  const made = await engine.createNetwork(spec).catch(async (thrown) => {
    throw thrown instanceof EngineError ? await refusal(engine, spec.Name, thrown) : thrown
  })
  const project = spec.Labels?.[COMPOSE.project] ?? ''
  const named = await engine.listNetworks({ names: [spec.Name], labels: [`${COMPOSE.project}=${project}`] })
  const same = named.filter((each) => each.name === spec.Name)
  const counts = oldest(same) ?? made
  for (const { id } of same) if (id !== counts.id) await removeDouble(engine, id)
  return { networkId: counts.id }
}

/** The command that created the duplicate may remove it too, or may already use it. */
async function removeDouble(engine: Engine, id: string): Promise<void> {
  await engine.removeNetwork(id).catch((thrown) => {
    const expected = thrown instanceof EngineError && (thrown.kind === 'gone' || thrown.status === 403)
    if (!expected) throw thrown
  })
}

/** The creation refers to nothing that could have been removed: a "not found" error is about addresses or a driver. */
async function refusal(engine: Engine, name: string, thrown: EngineError): Promise<Error> {
  const { kind, message } = thrown
  if (kind === 'conflict') return conflict(`network ${name} appeared meanwhile`, thrown)
  if (isExhaustion(message)) return exhausted(name, await countNetworks(engine), thrown)
  if (kind !== 'gone') return thrown
  const [hint] = remediesFor(message)
  return new StepFailure(error('engine-error', message, { hint }), undefined, { cause: thrown })
}

/** Engines up to version 25 report exhausted address pools with status 404, later ones with 400. */
function isExhaustion(message: string): boolean {
  return /non-overlapping IPv[46] address pool among the defaults|predefined address pools have been fully/.test(
    message,
  )
}

function exhausted(name: string, networks: Counted | undefined, cause: Error): StepFailure {
  const hint = [
    waysToFree(networks),
    'declare a free subnet for this one (`ipam.config`)',
    'or give the engine more (`default-address-pools` in its daemon.json)',
  ].join(', ')
  const text = `network "${name}" cannot be created: all address pools of the engine are in use`
  return new StepFailure(error('no-address-pool', text, { hint }), undefined, { cause })
}

function waysToFree(networks: Counted | undefined): string {
  const prune = '`docker network prune` removes all unused ones'
  if (!networks) return `remove networks without running containers that are no longer needed (${prune})`
  const { all, unused } = networks
  if (unused === 0) return `each of its ${all} networks holds running containers: take down what is no longer needed`
  return `${unused} of its ${all} networks have no running container: remove those that are no longer needed (${prune})`
}

interface Counted {
  all: number
  unused: number
}

/** Omits the engine's three built-in networks. Only an inspect shows a network's containers; undefined if it fails. */
async function countNetworks(engine: Engine): Promise<Counted | undefined> {
  try {
    const made = (await engine.listNetworks({})).filter(({ name }) => !PREDEFINED.has(name))
    const details = await Promise.all(made.map(({ id }) => engine.inspectNetwork(id)))
    return { all: made.length, unused: details.filter((each) => each?.containers?.length === 0).length }
  } catch {
    // If the engine fails here too, the problem is reported without the count.
    return undefined
  }
}

const PREDEFINED: ReadonlySet<string> = new Set(['bridge', 'host', 'none'])

/** A network that is already gone counts as removed. A leaked endpoint is reported as such: no container holds it. */
export async function removeNetwork(engine: Engine, id: string, name: string): Promise<void> {
  try {
    await engine.removeNetwork(id)
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'gone') return
    const containers = await engine.inspectNetwork(id).then(
      (detail) => detail?.containers,
      () => undefined,
    )
    if (containers?.length !== 0) throw thrown
    throw leaked(name, thrown)
  }
}

function leaked(name: string, cause: unknown): StepFailure {
  const text = `network "${name}" cannot be removed: the engine still counts an endpoint of a container that no longer exists`
  const hint = 'ignore it, or restart the engine to clear it'
  return new StepFailure(error('engine-error', text, { hint }), undefined, { cause })
}
