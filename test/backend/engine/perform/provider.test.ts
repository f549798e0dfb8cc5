import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../../src/backend/docker/labels.ts'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { DOWN, type Intent, UP } from '../../../../src/backend/intent.ts'
import type { Programs } from '../../../../src/backend/programs.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import { execute } from '../../../../src/execute/execute.ts'
import type { Stack } from '../../../../src/stack/model.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { declared, IMAGES, stackOf } from '../../support.ts'
import { killedAfter } from '../carry-out.ts'

/** Services that programs provide, on the in-memory engine; the program reports an address and may stop. */
interface Cloud extends Programs {
  url: string
  calls: string[][]
}

function cloud(metadata?: object): Cloud {
  const calls: string[][] = []
  return {
    url: 'one',
    calls,
    async run(name, args, { onLine }) {
      if (name !== 'cloud') return undefined
      calls.push(args)
      if (args[1] === 'metadata') onLine(JSON.stringify(metadata ?? {}))
      else if (args.includes('up')) {
        onLine(JSON.stringify({ type: 'setenv', message: `URL=${this.url}` }))
        onLine('not JSON at all')
        onLine(JSON.stringify({ type: 'rawsetenv', message: 'OWN=told' }))
        onLine(onLine(JSON.stringify({ type: 'get-service-config' })) ?? '')
      }
      return { code: 0, errors: '' }
    },
  }
}

const on = (name: string) => ({ depends_on: { [name]: { condition: 'service_started' as const, required: true } } })
const STACK: Stack = stackOf({
  services: {
    db: { provider: { type: 'cloud', options: { size: 1 } } },
    web: { ...on('db'), environment: { OWN: 'declared', KEPT: 'yes' } },
    far: on('web'),
    other: {},
  },
})

async function command(engine: MemoryEngine, programs: Cloud, intent: Intent, stack = STACK) {
  const backend = engineBackend(engine, { project: stack.name, contentOf: () => undefined, programs })
  const signal = new AbortController().signal
  const observed = await backend.observe(stack, signal, intent)
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent }))
  return execute(plan, backend.perform, { signal, clock: engine.clock, emit: () => undefined })
}

/** The environment and id of each service's container. */
async function containers({ behindTheBack: there }: MemoryEngine) {
  const listed = await there.listContainers({ labels: [`${COMPOSE.project}=lab`] })
  const details = await Promise.all(listed.map(({ id }) => there.inspectContainer(id)))
  return Object.fromEntries(
    details.map((each) => [each?.labels[COMPOSE.service] ?? '', { id: each?.id ?? '', env: each?.spec.Env ?? [] }]),
  )
}

test('only dependents of a provider get its variables, which win over their own', async () => {
  const engine = memoryEngine({ images: IMAGES })
  assert.ok((await command(engine, cloud(), UP)).ok)
  const { web, far, other } = await containers(engine)
  assert.equal(web?.env, ['DB_URL=one', 'KEPT=yes', 'OWN=told'])
  assert.equal([far?.env, other?.env], [[], []])
})

test('killed after any write while a provider reports new variables, the next up has recreated the containers with the old ones, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(12), fc.boolean(), async (n, back) => {
      const engine = memoryEngine({ images: IMAGES })
      const programs = cloud()
      await command(engine, programs, UP)
      const before = await containers(engine)
      programs.url = 'two'
      await killedAfter(engine, n, () => command(engine, programs, UP))
      if (back) programs.url = 'one'
      assert.ok((await command(engine, programs, UP)).ok, `killed after ${n} writes`)
      const after = await containers(engine)
      assert.ok(after.web?.env.includes(`DB_URL=${programs.url}`), after.web?.env.join(' '))
      for (const name of ['far', 'other']) assert.is(after[name]?.id, before[name]?.id, name)
      assert.ok((await command(engine, programs, UP)).ok)
      assert.equal(await containers(engine), after, 'the same report: left alone')
    }),
    { numRuns: 40 },
  )
})

test('a stopped container is started again, or recreated if its variables changed', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const programs = cloud()
  await command(engine, programs, UP)
  const { web } = await containers(engine)
  await engine.behindTheBack.stopContainer(web?.id ?? '', {})
  await command(engine, programs, UP)
  assert.is((await containers(engine)).web?.id, web?.id)
  await engine.behindTheBack.stopContainer(web?.id ?? '', {})
  programs.url = 'two'
  assert.ok((await command(engine, programs, UP)).ok)
  assert.ok((await containers(engine)).web?.env.includes('DB_URL=two'))
  for (const each of engine.world.containers.values()) assert.is(each.state, 'running')
})

test('a provider is taken down after what depends on it, and stopped only if it says that it can', async () => {
  const commands = ({ calls }: Cloud) => calls.map((args) => args[2]).filter((each) => each !== undefined)
  const engine = memoryEngine({ images: IMAGES })
  const plain = cloud()
  await command(engine, plain, UP)
  await command(engine, plain, { kind: 'stop', services: [] })
  assert.equal(commands(plain), ['up'])
  const able = cloud({ up: {}, down: {}, stop: {} })
  await command(engine, able, UP)
  await command(engine, able, { kind: 'stop', services: [] })
  await command(engine, able, DOWN)
  assert.equal(commands(able), ['up', 'stop', 'down'])
})

test('a provider that is not there fails its service alone', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const stack = { ...STACK, services: { ...STACK.services, db: { provider: { type: 'nothing' } } } }
  const { ok, problems } = await command(engine, cloud(), UP, stack)
  assert.not(ok)
  assert.equal(
    problems.map(({ code }) => code),
    ['provider-failed'],
  )
  const states = [...engine.world.containers.values()].map(({ name, state }) => `${name} ${state}`)
  assert.equal(states.sort(), ['lab-far-1 created', 'lab-other-1 running'])
})

test.run()
