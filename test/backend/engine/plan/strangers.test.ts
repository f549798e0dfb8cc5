import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { Service } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stackOf } from '../../support.ts'
import { countWrites, planFor, up } from '../carry-out.ts'

const calm = new AbortController().signal

async function strangerNamed(engine: MemoryEngine, name: string, labels: Record<string, string> = {}): Promise<void> {
  await engine.behindTheBack.createContainer(name, { Image: 'app:1', Labels: labels, HostConfig: {} })
}

async function problemsOf(engine: MemoryEngine, services: Record<string, Service>) {
  const stack = stackOf({ services })
  const backend = engineBackend(engine, { project: 'lab', contentOf: () => undefined })
  const result = backend.plan({
    declared: declared(stack),
    observed: await backend.observe(stack, calm, UP),
    intent: UP,
  })
  return result.ok ? [] : result.diagnostics.map(({ code, message, hint }) => ({ code, message, hint }))
}

test('a default name that another container has is found before anything is done, as is a declared one', async () => {
  for (const [name, web] of [
    ['lab-web-1', {}],
    ['lab-web-3', { scale: 3 }],
    ['www', { container_name: 'www' }],
  ] as [string, Service][]) {
    const engine = memoryEngine({ images: IMAGES })
    await strangerNamed(engine, name)
    const [problem, ...others] = await problemsOf(engine, { db: {}, web })
    assert.equal([problem?.code, others], ['foreign-resource', []])
    assert.match(problem?.message ?? '', `"${name}" is taken by a container of no project`)
    assert.match(problem?.hint ?? '', 'container_name')
    assert.is(countWrites(engine), 0)
  }
})

test('its owner is reported', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await strangerNamed(engine, 'lab-web-1', { [COMPOSE.project]: 'other', [COMPOSE.service]: 'back' })
  const [problem] = await problemsOf(engine, { web: {} })
  assert.match(problem?.message ?? '', 'service "back" of project "other"')
})

test('names that are not needed, or that the project has itself, are no conflict', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await strangerNamed(engine, 'lab-web-2')
  const stack = stackOf({ services: { web: { environment: { REV: '1' } } } })
  assert.ok((await up(engine, stack)).ok)
  assert.equal(await problemsOf(engine, { web: { environment: { REV: '2' } } }), [])
})

test('only where a container is missing are the others looked at, in one call', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const lists = () =>
    engine.calls.filter(({ method, args }) => method === 'listContainers' && !hasLabels(args[0])).length
  const services = { a: { scale: 3 }, b: {}, c: { container_name: 'own' } }
  assert.equal(await problemsOf(engine, services), [])
  assert.is(lists(), 1)
  await up(engine, stackOf({ services }))
  engine.calls.length = 0
  assert.equal(await problemsOf(engine, { ...services, b: { environment: { REV: '2' } } }), [])
  assert.is(lists(), 0)
})

test('strangers in a network that ought to be recreated are named', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const stackWith = (internal: boolean) =>
    stackOf({ services: { web: {} }, networks: { default: { name: 'lab_default', internal } } })
  await up(engine, stackWith(false))
  await strangerNamed(engine, 'visitor')
  await engine.behindTheBack.connectNetwork('lab_default', 'visitor', {})
  await engine.behindTheBack.startContainer('visitor')
  const { notes } = await planFor(engine, stackWith(true), UP)
  assert.equal(
    notes.map(({ code, hint }) => [code, hint]),
    [['foreign-resource', 'disconnect visitor so that it can be recreated']],
  )
})

function hasLabels(filter: unknown): boolean {
  return typeof filter === 'object' && filter !== null && 'labels' in filter
}

test.run()
