import * as assert from 'uvu/assert'
import type { Backend } from '../../../src/backend/backend.ts'
import { COMPOSE, OURS } from '../../../src/backend/docker/labels.ts'
import { engineBackend } from '../../../src/backend/engine/backend.ts'
import { endpointsOf } from '../../../src/backend/engine/lower/network.ts'
import { DOWN, type Intent, UP } from '../../../src/backend/intent.ts'
import type { Journal } from '../../../src/backend/journal.ts'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import type { ContainerDetail, Engine } from '../../../src/docker/port.ts'
import type { Emit, RunEvent } from '../../../src/execute/event.ts'
import { execute, type Outcome } from '../../../src/execute/execute.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { spacesOf } from '../../../src/stack/dependencies.ts'
import type { Stack } from '../../../src/stack/model.ts'
import { containerName, firstContainer, replicasOf } from '../../../src/stack/names.ts'
import type { MemoryEngine } from '../../support/memory-engine.ts'
import { declared, engineFor } from '../support.ts'

const calm = new AbortController().signal

/** Observes and plans. */
export async function planFor(engine: Engine, stack: Stack, intent: Intent): Promise<Plan<unknown>> {
  const backend = engineBackend(engine, { project: stack.name, contentOf: () => undefined })
  return planned(backend, stack, intent)
}

async function planned<O, A>(backend: Backend<O, A>, stack: Stack, intent: Intent): Promise<Plan<A>> {
  const observed = await backend.observe(stack, calm, intent)
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent }))
  assertPhases(plan)
  return plan
}

/** Exactly the steps for the case of a failure have a phase, and an id that says so. */
export function assertPhases({ steps }: Plan<unknown>): void {
  const undoing = steps.filter(({ after }) => after.some(({ on }) => on === 'failure'))
  assert.equal(
    steps.filter(({ phase }) => phase !== undefined).map(({ id }) => id),
    undoing.map(({ id }) => id),
  )
  for (const { id, phase } of undoing) assert.is(id.startsWith(`${phase}-`), true, id)
}

/** A whole command: observes, plans, executes. */
export async function carryOut(
  engine: MemoryEngine,
  stack: Stack,
  intent: Intent,
  emit: Emit = () => undefined,
  journal?: Journal,
  signal: AbortSignal = calm,
): Promise<Outcome> {
  const options = { project: stack.name, contentOf: () => undefined, ...(journal && { journal }) }
  const backend = engineBackend(engine, options)
  return execute(await planned(backend, stack, intent), backend.perform, { signal, clock: engine.clock, emit })
}

export const up = (engine: MemoryEngine, stack: Stack, intent: Partial<typeof UP> = {}) =>
  carryOut(engine, stack, { ...UP, removeOrphans: true, ...intent })

/** The events of an up. */
export async function eventsOfUp(engine: MemoryEngine, stack: Stack, intent: Partial<typeof UP> = {}) {
  const events: RunEvent[] = []
  await carryOut(engine, stack, { ...UP, removeOrphans: true, ...intent }, (event) => events.push(event))
  return events
}

export const down = (engine: MemoryEngine, stack: Stack, intent: Partial<typeof DOWN> = {}) =>
  carryOut(engine, stack, { ...DOWN, ...intent })

/** Whether a call can change the world. */
export function isWrite(method: string): boolean {
  return !READS.test(method)
}

const READS = /^(version|apiVersion|list|inspect|events|logs|readFile|exec$)/

/** The command is killed: its first writes reach the engine, whatever comes later does not. */
export async function killedAfter(
  engine: MemoryEngine,
  writes: number,
  command: () => Promise<Outcome>,
): Promise<void> {
  let left = writes
  engine.hooks.before = ({ method }) => {
    if (left <= 0) throw new Error('killed')
    if (isWrite(method)) left--
  }
  try {
    await command()
  } catch {
    // A kill while it only looked.
  } finally {
    delete engine.hooks.before
  }
}

export function countWrites(engine: MemoryEngine): number {
  return engine.calls.filter(({ method }) => isWrite(method)).length
}

/** Exactly what is declared is there: one container a replica under its own name, on its networks with its aliases, running or done. */
export async function assertUp(engine: MemoryEngine, stack: Stack): Promise<void> {
  const { behindTheBack: there } = engine
  const containers = await there.listContainers({ labels: [`${COMPOSE.project}=${stack.name}`] })
  const wanted = Object.entries(stack.services).flatMap(([name, service]) =>
    Array.from({ length: replicasOf(service) }, () => name),
  )
  const serviceOf = ({ labels }: (typeof containers)[number]) => labels[COMPOSE.service] ?? ''
  assert.equal(containers.map(serviceOf).sort(), wanted.sort())
  // Scaled down after a kill, what stays keeps its number, which need not be the first.
  const names = containers.map((each) => {
    const service = stack.services[serviceOf(each)] ?? {}
    return containerName(stack, serviceOf(each), service, Number(each.labels[COMPOSE.number]))
  })
  assert.equal(containers.map((each) => each.name).sort(), names.sort())
  assert.is(new Set(names).size, names.length)
  for (const { id } of containers) await assertReplica(there, stack, id)
}

async function assertReplica(engine: Engine, stack: Stack, id: string): Promise<void> {
  const detail = await engine.inspectContainer(id)
  const name = detail?.labels[COMPOSE.service] ?? ''
  const service = stack.services[name] ?? {}
  const done = detail?.state === 'exited' && detail.exitCode === 0 && service.image === 'job:1'
  assert.ok(detail?.running || done, `${name} is ${detail?.state}`)
  assert.ok(detail?.spec.Env?.includes(`REV=${service.environment?.REV}`), `${name} is of another revision`)
  assert.is(detail?.spec.HostConfig.RestartPolicy?.Name || 'no', service.restart ?? 'no')
  if (!done) await assertLivesIn(engine, stack, name, detail)
  for (const [key, endpoint] of endpointsOf({
    stack,
    name,
    service,
    index: Number(detail?.labels[COMPOSE.number]),
    api: 141,
  })) {
    const joined = detail?.networks[stack.networks[key]?.name ?? '']
    assert.ok(joined, `${name} is not in ${key}`)
    for (const alias of endpoint.Aliases ?? [])
      assert.ok(joined?.aliases.includes(alias) || alias === detail?.name, `${name} lacks alias ${alias}`)
  }
}

/** Whose namespace it shares is there, and was started before it. */
async function assertLivesIn(
  engine: Engine,
  stack: Stack,
  name: string,
  guest: ContainerDetail | undefined,
): Promise<void> {
  for (const owner of spacesOf(stack.services[name] ?? {})) {
    const host = await engine.inspectContainer(firstContainer(stack, owner))
    assert.is(guest?.labels[OURS.shares], host?.id, `${name} lives in another container than ${owner}`)
    assert.ok(
      Date.parse(host?.startedAt ?? '') <= Date.parse(guest?.startedAt ?? ''),
      `${name} was started before ${owner}`,
    )
  }
}

/** Everything that carries the project's label, and the volumes that were carried from one container to the next. */
export async function leftOf(engine: MemoryEngine, stack: Stack) {
  const filter = { labels: [`${COMPOSE.project}=${stack.name}`] }
  const { behindTheBack: there } = engine
  const [containers, networks, volumes, all] = await Promise.all([
    there.listContainers(filter),
    there.listNetworks(filter),
    there.listVolumes(filter),
    there.listVolumes({}),
  ])
  return { containers, networks, volumes, anonymous: all.filter((each) => /^[0-9a-f]{64}$/.test(each.name)) }
}

/** The number of writes with which an up leads from one stack to another. */
export async function writesOf(before: Stack, after: Stack): Promise<number> {
  const engine = engineFor(before)
  await up(engine, before)
  engine.calls.length = 0
  await up(engine, after)
  return countWrites(engine)
}

/** An up succeeds, everything declared is there, and nothing is left to do. */
export async function assertConverges(engine: MemoryEngine, stack: Stack, message?: string): Promise<void> {
  assert.ok((await up(engine, stack)).ok, message)
  await assertUp(engine, stack)
  assert.equal((await planFor(engine, stack, UP)).steps, [], message)
}
