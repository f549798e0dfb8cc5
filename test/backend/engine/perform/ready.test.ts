import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { pauseAfter } from '../../../../src/backend/engine/perform/ready/probe.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import { EngineError, type ExecSpec } from '../../../../src/docker/port.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import { execute } from '../../../../src/execute/execute.ts'
import { answerTo, type ImageFixture } from '../../../support/memory/fixture.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { declared, stackOf } from '../../support.ts'

/** A database, and an application that starts when it is healthy. Times are virtual milliseconds. */
async function bringUp(db: ImageFixture, healthcheck: { test?: string[]; interval?: string; retries?: number } = {}) {
  const engine = memoryEngine({ images: { 'db:1': db, 'app:1': {} } })
  const test_ = { test: ['CMD', 'ready'], interval: '30s', ...healthcheck }
  const app = { depends_on: { db: { condition: 'service_healthy' as const, required: true } } }
  const stack = stackOf({ services: { db: { image: 'db:1', healthcheck: test_ }, app } })
  const backend = engineBackend(engine, { project: 'lab', contentOf: () => undefined })
  const signal = new AbortController().signal
  const observed = await backend.observe(stack, signal)
  const plan = unwrap(backend.plan({ declared: declared(stack), observed, intent: UP }))
  const events: RunEvent[] = []
  const outcome = await execute(plan, backend.perform, {
    signal,
    clock: engine.clock,
    emit: (event) => events.push(event),
  })
  const at = (id: string, type: RunEvent['type']) =>
    events.find((each) => each.type === type && 'step' in each && each.step === id)?.at
  const started = at('start:container/db/1', 'step-done') ?? Number.NaN
  return {
    outcome,
    released: (at('start:container/app/1', 'step-start') ?? Number.POSITIVE_INFINITY) - started,
    engine,
  }
}

test('a dependent starts within a second of the moment when the database is ready, whatever the interval', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(20_000), async (ready) => {
      const { released } = await bringUp({ passesAfter: ready, exposedPorts: ['5432/tcp'] })
      assert.ok(released >= ready && released <= ready + 1_000, `${ready}: ${released}`)
    }),
    { numRuns: 60 },
  )
})

test('a database that answers on a private socket while it seeds never releases a dependent early', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(8_000), async (socketFrom) => {
      const { released } = await bringUp({ passesAfter: socketFrom, listensAfter: 10_000, exposedPorts: ['5432/tcp'] })
      assert.ok(released >= 10_000, `${socketFrom}: ${released}`)
    }),
    { numRuns: 40 },
  )
})

test('a test that cannot be run yet is run again, whatever the interval; its dependent does not wait for the engine', async () => {
  const refusal = () => {
    throw new EngineError('OCI runtime exec failed: exec: "ready": executable file not found in $PATH', 400)
  }
  const exec = (spec: ExecSpec, since: number) => (since < 3_000 ? refusal() : answerTo({}, spec, ['80/tcp'], since))
  const { released } = await bringUp({ exec, exposedPorts: ['80/tcp'] })
  assert.ok(released >= 3_000 && released <= 4_000, `${released}`)
})

test('where it is unknown whether it listens, the engine decides', async () => {
  const silent = { passesAfter: 0, exposedPorts: ['5432/tcp'], exec: () => ({ exitCode: 0, output: '' }) }
  const { released } = await bringUp(silent)
  assert.ok(released >= 30_000)
})

test('failed probes of our own never mean unhealthy: the engine alone says so', async () => {
  const late = await bringUp({ passesAfter: 25_000 }, { interval: '30s', retries: 1 })
  assert.ok(late.outcome.ok)
  const never = await bringUp({ passesAfter: Number.POSITIVE_INFINITY }, { interval: '1s', retries: 3 })
  assert.not(never.outcome.ok)
  assert.is(never.outcome.problems[0]?.code, 'container-unhealthy')
})

test('a database that dies is reported as such', async () => {
  const { outcome } = await bringUp({ passesAfter: 5_000, exits: { after: 1_000, code: 3 } })
  assert.is(outcome.problems[0]?.code, 'container-exited')
})

test('one probe at a time, a second apart at most', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(10_000), (attempt, took) => {
      const pause = pauseAfter(attempt, took)
      assert.ok(pause >= 100 && pause <= 1_000)
      assert.ok(pause <= pauseAfter(attempt + 1, took) && pause <= pauseAfter(attempt, took + 1))
    }),
  )
})

/** Where the temporary server of an entrypoint listens, and what the image says of its port. */
const settings = fc.record({
  on: fc.constantFrom('loopback' as const, 'loopback6' as const, 'local' as const),
  until: fc.nat(8_000),
  gap: fc.nat(3_000),
  exposed: fc.constantFrom<string[][]>([], ['7777/tcp'], ['80/tcp', '7777/tcp']),
  names: fc.boolean(),
})

test('a temporary server that others cannot reach never releases a dependent; the real one does at once', async () => {
  await fc.assert(
    fc.asyncProperty(settings, async ({ on, until, gap, exposed, names }) => {
      const ready = until + gap
      const temporary = { from: 0, until, on, port: 7777 }
      const real = { from: ready, on: 'everywhere' as const, port: 7777 }
      const test = ['CMD', 'ready', ...(names ? ['127.0.0.1:7777'] : [])]
      const { released } = await bringUp({ servers: [temporary, real], exposedPorts: exposed }, { test })
      assert.ok(released >= ready && released <= ready + 1_100, `${ready}: ${released}`)
    }),
    { numRuns: 40 },
  )
})

test('a server that only its own container can reach is ready when the engine says so', async () => {
  for (const on of ['loopback', 'loopback6', 'local'] as const) {
    const { released } = await bringUp({ servers: [{ from: 0, on, port: 7777 }] }, { interval: '10s' })
    assert.ok(released >= 10_000 && released < 10_100, `${on}: ${released}`)
  }
})

test('a test that no server stands behind has to hold for a moment', async () => {
  const { released } = await bringUp({ passesAfter: 1_000 })
  assert.ok(released >= 1_500 && released <= 2_500, `${released}`)
})

const TABLES = '  sl  local_address rem_address   st\n'
const NO_LOCAL = 'Num       RefCount Protocol Flags    Type St Inode Path\n'

test('a main process that changes has to hold again', async () => {
  const main = (since: number) => TABLES + NO_LOCAL + (since < 300 ? 'sh\0entrypoint.sh\0' : 'server\0')
  const { released } = await bringUp({ exec: (_, since) => ({ exitCode: 0, output: main(since) }) })
  assert.ok(released >= 800 && released <= 1_500, `${released}`)
})

test('a server that others can reach releases no dependent while the script that started it is still at work', async () => {
  const open = '   0: 00000000:1E61 00000000:0000 0A 0 0 0\n'
  const main = (since: number) => (since < 6_000 ? 'sh\0entrypoint.sh\x007 8 ' : 'server\0')
  const exec = (_: unknown, since: number) => ({ exitCode: 0, output: TABLES + open + NO_LOCAL + main(since) })
  const { released } = await bringUp({ exec })
  assert.ok(released >= 6_000 && released <= 7_100, `${released}`)
})

test('a script between two commands, when its temporary server ends, releases no dependent', async () => {
  const open = '   0: 00000000:1E61 00000000:0000 0A 0 0 0\n'
  for (const [during, after] of [
    ['7 ', '8 '],
    ['', '8 '],
    ['7 ', ''],
  ] as const) {
    let looks = 0
    const main = (since: number) =>
      since >= 3_000 ? 'server\0' : `sh\0entrypoint.sh\0${looks++ % 2 === 0 ? during : after}`
    const exec = (_: unknown, since: number) => ({ exitCode: 0, output: TABLES + open + NO_LOCAL + main(since) })
    const { released } = await bringUp({
      exec: (spec, since) => (spec.cmd[0] === 'cat' ? exec(spec, since) : { exitCode: 0, output: '' }),
    })
    assert.ok(released >= 3_000 && released <= 4_100, `${released}`)
  }
})

test('a script that stays with its one server releases its dependents', async () => {
  const open = '   0: 00000000:1E61 00000000:0000 0A 0 0 0\n'
  const output = `${TABLES}${open}${NO_LOCAL}sh\0-c\0migrate && serve\x007 `
  const { released } = await bringUp({ exec: () => ({ exitCode: 0, output }) })
  assert.ok(released < 1_000, `${released}`)
})

test('a temporary server that ends between the two looks releases no dependent', async () => {
  const open = '   0: 00000000:1E61 00000000:0000 0A 0 0 0\n'
  const exec = ({ cmd }: { cmd: readonly string[] }, since: number) => {
    const isReal = since >= 3_000
    if (!cmd.includes('/proc/7/cmdline'))
      return { exitCode: 0, output: `${TABLES}${open}${NO_LOCAL}docker-init\0--\0sh\x007 ` }
    return { exitCode: 0, output: TABLES + (isReal ? open : '') + NO_LOCAL + (isReal ? 'server\0' : 'sh\0setup\x008 ') }
  }
  const { released } = await bringUp({ exec })
  assert.ok(released >= 3_000 && released <= 4_100, `${released}`)
})

test.run()
