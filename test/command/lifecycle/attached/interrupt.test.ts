import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonLines } from '../../../support/cli.ts'
import { rfc3339 } from '../../../support/memory/world.ts'
import { type Lab, lab, type Ran, seeing, until } from '../../support.ts'
import { IMAGES, image, inLab, stackOf, states } from './scene.ts'

/** What Node would print on standard error, e.g. of listeners that add up. */
const warnings: Error[] = []
process.on('warning', (warning) => warnings.push(warning))

inLab(
  'Ctrl-C stops what this up started, and nothing that ran before',
  { old: image('stays'), fresh: image('stays') },
  async (own) => {
    assert.is((await own.run('up', '-d', 'old')).code, 0)
    const up = own.begin(['up'])
    await until(() => up.out().includes('fresh-1'))
    up.interrupt()
    const { code, err } = await up.ended
    assert.is(code, 130)
    assert.equal(states(own), { 'old-1': 'running', 'fresh-1': 'exited 0' })
    assert.match(err, /old-1 keeps running, .*`flotilla stop old` stops it\n$/)
  },
)

for (const flags of [[], ['-f', 'stack.yaml'], ['-p', 'named'], ['--project-directory', '.']])
  inLab(
    `the command that Ctrl-C names for what goes on stops it: up with ${flags.join(' ') || 'no flags'}`,
    { old: image('stays') },
    async (own) => {
      assert.is((await own.run(...flags, 'up', '-d')).code, 0)
      const up = own.begin([...flags, 'up'])
      await until(() => up.err().includes('nothing to do'))
      up.interrupt()
      const [, command = ''] = /`flotilla (.*)`/.exec((await up.ended).err) ?? []
      assert.is((await own.run(...command.split(' '))).code, 0, command)
      assert.equal(Object.values(states(own)), ['exited 0'])
    },
  )

inLab('Ctrl-C of an up that had nothing to start stops nothing', { old: image('stays') }, async (own) => {
  await own.run('up', '-d')
  const up = own.begin(['up'])
  await until(() => up.err().includes('nothing to do'))
  up.interrupt()
  const { code, err } = await up.ended
  assert.is(code, 130)
  assert.equal(states(own), { 'old-1': 'running' })
  assert.match(err, '`flotilla stop old` stops it')
})

inLab(
  'while up waits for a container to stop, it reports the time until the kill',
  { app: image('deaf') },
  async (own) => {
    const up = own.begin(['--progress', 'json', 'up', '--timeout', '3'])
    await until(() => up.out().includes('hello'))
    up.interrupt()
    const { code, err } = await up.ended
    assert.is(code, 130)
    const reported = jsonLines(err).filter(({ type }) => type === 'step-progress')
    assert.equal(
      reported.map(({ text }) => text),
      ['killed in 2 s', 'killed in 1 s'],
    )
  },
)

inLab('the second Ctrl-C kills', { app: '{ image: deaf, stop_grace_period: 1h }' }, async (own) => {
  const up = own.begin(['up'])
  await until(() => up.out().includes('hello'))
  up.interrupt()
  await until(() => own.engine.calls.some(({ method }) => method === 'stopContainer'))
  up.interrupt()
  assert.is((await up.ended).code, 130)
  assert.equal(states(own), { 'app-1': 'exited 137' })
  assert.ok(own.engine.clock.now() < 60_000, 'long before the grace period is over')
})

inLab('the third leaves at once', { app: '{ image: deaf, stop_grace_period: 1h }' }, async (own) => {
  const { engine } = own
  const up = own.begin(['up'])
  await until(() => up.out().includes('hello'))
  engine.hooks.before = ({ method }) => {
    if (method === 'killContainer') throw new Error('no answer')
  }
  up.interrupt()
  await until(() => engine.calls.some(({ method }) => method === 'stopContainer'))
  up.interrupt()
  await until(() => engine.calls.some(({ method }) => method === 'killContainer'))
  up.interrupt()
  assert.is((await up.ended).code, 130)
  assert.equal(states(own), { 'app-1': 'running' })
})

inLab('of a service that ran before, Ctrl-C stops the new replicas', { app: image('stays') }, async (own) => {
  await own.run('up', '-d')
  const up = own.begin(['up', '--scale', 'app=3'])
  await until(() => up.out().includes('app-3'))
  up.interrupt()
  assert.is((await up.ended).code, 130)
  assert.equal(states(own), { 'app-1': 'running', 'app-2': 'exited 0', 'app-3': 'exited 0' })
})

const CHAIN = {
  old: image('stays'),
  db: image('stays'),
  web: '{ image: stays, depends_on: [db] }',
  job: '{ image: well, depends_on: [web, old] }',
}

inLab(
  'Ctrl-C: once all is stopped, a second of what is behind is printed, and what is left out is counted',
  { app: image('stays') },
  async (own) => {
    const { engine } = own
    /** Ten lines in a second, for an hour. */
    const slow = {
      ...engine,
      async *logs(...args: Parameters<typeof engine.logs>) {
        for await (const line of engine.logs(...args)) yield line
        for (let lines = 0; lines < 36_000; lines++) {
          await engine.clock.sleep(100, args[2])
          yield { stream: 'stdout' as const, text: `late ${lines}`, time: rfc3339(engine.clock.now()) }
        }
      },
    }
    const up = own.begin(['up'], seeing(slow))
    await until(() => up.out().includes('hello'))
    up.interrupt()
    const { code, out, err } = await up.ended
    assert.is(code, 130)
    const printed = out.match(/late/g)?.length ?? 0
    assert.ok(printed > 0 && printed <= 11, `${printed} lines of one second`)
    assert.match(err, /^More than \d+ lines of the logs are left out; `flotilla logs` shows them$/m)
    assert.ok(engine.clock.now() < 10_000, `${engine.clock.now()} ms`)
  },
)

const services = { app: image('stays'), stuck: '{ image: stays, depends_on: [app] }' }
inLab('the second Ctrl-C kills what an up has started that still waits for the engine', services, async (own) => {
  const { engine } = own
  const stuck: typeof engine = {
    ...engine,
    startContainer: (id, ...more) =>
      engine.world.containers.get(id)?.name === 'lab-stuck-1'
        ? new Promise<never>(() => undefined)
        : engine.startContainer(id, ...more),
  }
  const up = own.begin(['up'], seeing(stuck))
  await until(() => states(own)['app-1'] === 'running')
  up.interrupt()
  up.interrupt()
  assert.is((await up.ended).code, 130)
  assert.equal(states(own), { 'app-1': 'exited 137', 'stuck-1': 'created' })
})

inLab(
  'the second Ctrl-C leaves an up -d that waits for the engine, and says what is left',
  { app: image('stays') },
  async (own) => {
    const { engine } = own
    const never = { ...engine, startContainer: () => new Promise<never>(() => undefined) }
    const up = own.begin(['up', '-d'], seeing(never))
    await until(() => engine.world.containers.size > 0)
    up.interrupt()
    up.interrupt()
    const { code, err } = await up.ended
    assert.is(code, 130)
    assert.match(err, /app-1 \(\w+\)/)
    assert.is((await own.run('up', '-d')).code, 0, 'the next one goes on')
    assert.equal(states(own), { 'app-1': 'running' })
  },
)

const WRITES = new Set<string>(['createNetwork', 'createContainer', 'startContainer'])

inLab('interrupted at whatever moment, up leaves nothing running that did not run before', CHAIN, async (own) => {
  const { engine } = own
  await own.run('up', '-d', 'old')
  let moment = 0
  for (let over = false; !over; ) {
    moment++
    let writes = 0
    const up = own.begin(['up'])
    engine.hooks.after = ({ method }) => {
      if (WRITES.has(method) && ++writes === moment) up.interrupt()
    }
    await until(() => writes >= moment || up.out().includes('bye'))
    delete engine.hooks.after
    over = writes < moment
    if (over) up.interrupt()
    assert.is((await up.ended).code, 130, `after ${moment} writes`)
    const running = Object.entries(states(own)).filter(([, state]) => state === 'running')
    assert.equal(running, [['old-1', 'running']], `after ${moment} writes`)
    assert.is((await own.run('down', 'db', 'web', 'job')).code, 0)
  }
  assert.ok(moment > 6, `${moment} moments`)
})

/** Interrupts an `up` during its call to the engine with that number, and returns the number of calls until its end. */
async function interruptedAt(place: number, check: (own: Lab, ran: Ran) => void): Promise<number> {
  const own = lab({ 'stack.yaml': stackOf({ web: image('stays') }) }, { images: IMAGES })
  try {
    const { engine } = own
    const up = own.begin(['up'])
    let count = 0
    engine.hooks.before = ({ args }) => {
      if (++count !== place) return
      up.interrupt()
      args.find((arg) => arg instanceof AbortSignal)?.throwIfAborted()
    }
    await Promise.race([up.ended, until(() => up.out().includes('hello'))])
    up.interrupt()
    check(own, await up.ended)
    return count
  } finally {
    own.remove()
  }
}

test('a law: whenever Ctrl-C comes, an attached up leaves nothing running that it started', async () => {
  const calls = await interruptedAt(Infinity, () => undefined)
  for (let place = 1; place <= calls; place++)
    await interruptedAt(place, (own, { code }) => {
      assert.is(code, 130, `call ${place}`)
      const left = Object.values(states(own)).filter((state) => state === 'running')
      assert.equal(left, [], `call ${place}`)
    })
  assert.ok(calls > 5)
})

const many = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`s${at}`, image(at % 2 ? 'stays' : 'ill')]))

inLab('many services followed at once leave no listeners behind, here and in all tests above', many, async (own) => {
  const up = own.begin(['up'])
  await until(() => up.out().includes('exited with code 3'))
  up.interrupt()
  assert.is((await up.ended).code, 130)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(warnings.map(String), [])
})

test.run()
