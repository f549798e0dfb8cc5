import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { findImage, imageFinder } from '../../../../src/backend/docker/image-reference.ts'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { lower } from '../../../../src/backend/engine/lower/lower.ts'
import { lazyLower } from '../../../../src/backend/engine/plan/container/lazy-lower.ts'
import { UP } from '../../../../src/backend/intent.ts'
import type { ImageSummary } from '../../../../src/docker/port.ts'
import type { Service } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stackOf } from '../../support.ts'
import { up } from '../carry-out.ts'

const LISTS = ['listContainers', 'listImages', 'listNetworks', 'listVolumes']
const after = (service: string, condition: 'service_completed_successfully' | 'service_healthy'): Service => ({
  depends_on: { [service]: { condition, required: true } },
})

test('an up with nothing to do takes one round of lists, also with a job that has done its work', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const job = { image: 'job:1', volumes: [{ type: 'volume' as const, target: '/scratch' }] }
  const stack = stackOf({ services: { job, app: after('job', 'service_completed_successfully'), more: { scale: 3 } } })
  assert.ok((await up(engine, stack)).ok)
  engine.calls.length = 0
  assert.ok((await up(engine, stack)).ok)
  assert.equal(engine.calls.map(({ method }) => method).sort(), LISTS)
})

test('a job that has to be done again, or whose container is another one, is inspected and recreated', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const stack = (rev: string, condition: 'service_completed_successfully' | 'service_healthy') =>
    stackOf({ services: { job: { image: 'job:1', environment: { REV: rev } }, app: after('job', condition) } })
  assert.ok((await up(engine, stack('1', 'service_completed_successfully'))).ok)
  for (const changed of [
    stack('2', 'service_completed_successfully'),
    stackOf({ services: { job: { image: 'job:1' } } }),
  ]) {
    engine.calls.length = 0
    await up(engine, changed)
    assert.ok(engine.calls.some(({ method }) => method === 'startContainer'))
  }
})

test('the lists are asked for before the stack is known, and nothing is asked twice', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const stack = stackOf({ services: { app: {} } })
  await up(engine, stack)
  engine.calls.length = 0
  const backend = engineBackend(engine, { project: stack.name, contentOf: () => undefined })
  const { signal } = new AbortController()
  const pending = backend.startObserve(signal)
  assert.equal(engine.calls.map(({ method }) => method).sort(), LISTS)
  const observed = await pending(stack, UP)
  assert.equal(observed, await backend.observe(stack, signal, UP))
  assert.is(engine.calls.length, 2 * LISTS.length)
  const plan = backend.plan({ declared: declared(stack), observed, intent: UP })
  assert.equal(plan.ok && plan.value.steps, [])
})

test('a reference stands for the same image whether one is looked for or many', () => {
  const digest = `sha256:${'a'.repeat(64)}`
  const image = (id: string, tags: string[], digests: string[] = []) => ({ id, tags, digests }) as ImageSummary
  const images = [
    image('sha256:1', ['nginx:latest', 'nginx:1']),
    image('sha256:2', ['registry.test:5000/team/app:2'], [`registry.test:5000/team/app@${digest}`]),
    image('sha256:3', [], [`nginx@${digest}`]),
  ]
  const find = imageFinder(images)
  const references = ['nginx', 'docker.io/library/nginx:1', 'nginx:2', 'registry.test:5000/team/app:2', 'sha256:3', '']
  const digests = [`nginx@${digest}`, `nginx:1@${digest}`, `registry.test:5000/team/app:9@${digest}`, `other@${digest}`]
  const found = [...references, ...digests].map((each) => find(each)?.id)
  assert.equal(
    found,
    [...references, ...digests].map((each) => findImage(images, each)?.id),
  )
  assert.equal(new Set(found).size, 4)
})

test('lowering later gives the same result', () => {
  const service: Service = { image: 'app:1', platform: 'linux/arm64', environment: { A: '1' } }
  const stack = stackOf({ services: { app: service } })
  const context = { stack, name: 'app', service: stack.services.app ?? {}, index: 2, api: 141 }
  assert.equal({ ...lazyLower(context) }, lower(context))
})

test.run()
