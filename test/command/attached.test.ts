import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openBackend } from '../../src/backend/registry.ts'
import { jsonLines } from '../support/cli.ts'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { rfc3339 } from '../support/memory/world.ts'
import { type Lab, lab, type Ran } from './support.ts'

/** What Node would print on standard error, e.g. of listeners that add up. */
const warnings: Error[] = []
process.on('warning', (warning) => warnings.push(warning))

const ends = (after: number, code: number): ImageFixture => ({
  cmd: ['run'],
  log: [
    { after: 5, text: 'hello' },
    { after: after - 1, text: 'bye' },
  ],
  exits: { after, code },
  stopsWith: 0,
})

/** Virtual time passes whenever nobody is busy, so that what should be there for a while never ends by itself. */
const IMAGES: Record<string, ImageFixture> = {
  stays: { cmd: ['serve'], log: [{ after: 5, text: 'hello' }], stopsWith: 0 },
  deaf: { cmd: ['serve'], log: [{ after: 5, text: 'hello' }], ignoresStop: true },
  hopeless: { cmd: ['serve'], log: [{ after: 5, text: 'hello' }], stopsWith: 0, passesAfter: Number.POSITIVE_INFINITY },
  well: ends(1000, 0),
  ill: ends(2000, 3),
  later: ends(3000, 4),
}

const stackOf = (services: Record<string, string>) =>
  `name: lab\nservices:\n${Object.entries(services)
    .map(([name, text]) => `  ${name}: ${text}\n`)
    .join('')}`

const image = (name: string) => `{ image: ${name} }`

function inLab(name: string, services: Record<string, string>, body: (lab: Lab) => Promise<void>): void {
  test(name, async () => {
    const own = lab({ 'stack.yaml': stackOf(services) }, { images: IMAGES })
    try {
      await body(own)
    } finally {
      own.remove()
    }
  })
}

function states({ engine }: Lab): Record<string, string> {
  return Object.fromEntries(
    [...engine.world.containers.values()].map(({ name, state, exitCode }) => [
      name.replace('lab-', ''),
      state === 'exited' ? `exited ${exitCode}` : state,
    ]),
  )
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (condition()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it never came to that')
}

const shownIn = ({ out }: Ran) => [...new Set(out.match(/^\w+-\d+(?= +\|)/gm) ?? [])].sort()

const ALL = { stays: image('stays'), well: image('well'), ill: image('ill'), later: image('later') }

inLab('a reader that goes away ends no up that stays for an exit code', ALL, async (own) => {
  const reader = new AbortController()
  const up = own.begin(['up', '--exit-code-from', 'ill', '--abort-on-container-failure'], { unread: reader.signal })
  await until(() => up.out().includes('hello'))
  reader.abort(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }))
  assert.is((await up.ended).code, 3)
  assert.not(Object.values(states(own)).includes('running'))
})

const VERDICTS: [flags: string[], code: number][] = [
  [['--abort-on-container-exit'], 0],
  [['--abort-on-container-failure'], 3],
  [['--exit-code-from', 'well'], 0],
  [['--exit-code-from', 'ill', '--abort-on-container-failure'], 3],
]

for (const [flags, code] of VERDICTS) {
  inLab(`up ${flags.join(' ')} ends with ${code}, and nothing runs`, ALL, async (own) => {
    const ran = await own.run('up', ...flags)
    assert.is(ran.code, code, ran.err)
    assert.not(Object.values(states(own)).includes('running'))
  })
}

inLab(
  '--exit-code-from gives the code of its service, also if others ended before',
  { ...ALL, well: image('deaf') },
  async (own) => {
    const ran = await own.run('up', '--timeout', '1', '--exit-code-from', 'well')
    assert.is(ran.code, 137)
    assert.match(ran.err, 'because ill-1 exited with code 3')
  },
)

inLab(
  'once all have ended up ends with 0, whatever they ended with',
  { a: image('well'), b: image('ill') },
  async (own) => {
    const ran = await own.run('up')
    assert.is(ran.code, 0)
    for (const line of ['a-1 exited with code 0', 'b-1 exited with code 3']) assert.is(ran.out.split(line).length, 2)
  },
)

inLab(
  'up of a service ends with that service, and what it needs goes on',
  { db: image('stays'), job: '{ image: well, depends_on: [db] }' },
  async (own) => {
    assert.is((await own.run('up', 'job')).code, 0)
    assert.equal(states(own), { 'db-1': 'running', 'job-1': 'exited 0' })
  },
)

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
  'while it waits for a container to stop, up tells how long until that is killed',
  { app: image('deaf') },
  async (own) => {
    const up = own.begin(['--progress', 'json', 'up', '--timeout', '3'])
    await until(() => up.out().includes('hello'))
    up.interrupt()
    const { code, err } = await up.ended
    assert.is(code, 130)
    const told = jsonLines(err).filter(({ type }) => type === 'step-progress')
    assert.equal(
      told.map(({ text }) => text),
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

const NEVER_WELL = '{ image: hopeless, healthcheck: { test: [CMD, "true"], interval: 1s, retries: 100000 } }'

inLab(
  'what a service prints is shown while others still wait for it, its last words too',
  { db: NEVER_WELL, web: '{ image: stays, depends_on: { db: { condition: service_healthy } } }' },
  async (own) => {
    const up = own.begin(['up'])
    await until(() => up.out().includes('hello'))
    assert.equal(states(own), { 'db-1': 'running', 'web-1': 'created' })
    up.interrupt()
    const { code, out } = await up.ended
    assert.is(code, 130)
    assert.equal(out.trim().split('\n'), ['db-1   | hello', 'db-1 exited with code 0'])
  },
)

inLab(
  'what was printed before an up failed is shown before that is told, each line once',
  { db: image('ill'), web: '{ image: stays, depends_on: { db: { condition: service_completed_successfully } } }' },
  async (own) => {
    const up = own.begin(['--progress', 'json', 'up'])
    const { err } = up.host.terminal
    const { write } = err
    let outAtEnd = ''
    err.write = (text) => {
      if (text.includes('"type":"end"')) outAtEnd = up.out()
      write(text)
    }
    const { code, out } = await up.ended
    assert.equal(outAtEnd.match(/hello|bye/g), ['hello', 'bye'])
    assert.is(code, 1)
    assert.equal(out.match(/hello|bye/g), ['hello', 'bye'])
  },
)

const WAITS_FOR_SICK = '{ image: stays, depends_on: { sick: { condition: service_healthy } } }'

const MEANWHILE: [flags: string[], services: Record<string, string>, code: number][] = [
  [['--exit-code-from', 'tests'], {}, 3],
  [['--abort-on-container-exit'], {}, 3],
  [['--abort-on-container-failure'], { early: image('well') }, 3],
  [['--exit-code-from', 'early'], { early: image('well') }, 0],
  [
    ['--abort-on-container-exit'],
    {
      first: image('well'),
      next: '{ image: stays, depends_on: { first: { condition: service_completed_successfully } } }',
    },
    3,
  ],
]

for (const [flags, more, code] of MEANWHILE) {
  const names = Object.keys(more).join(', ')
  const services = { sick: NEVER_WELL, web: WAITS_FOR_SICK, tests: image('ill'), ...more }
  inLab(`up ${flags.join(' ')} ends with ${code} while others still wait (${names})`, services, async (own) => {
    const ran = await own.run('up', ...flags)
    assert.is(ran.code, code, ran.err)
    const all = states(own)
    assert.equal([all['sick-1'], all['web-1']], ['exited 0', 'created'])
    assert.not(Object.values(all).includes('running'))
    assert.ok(own.engine.clock.now() < 60_000, 'long before the health check has failed')
  })
}

const FIRST = '{ depends_on: { first: { condition: service_completed_successfully } }'

inLab(
  'what failed to come up has ended, too: an up that is to exit with its code does',
  { first: image('ill'), next: `${FIRST}, image: stays }`, other: image('stays') },
  async (own) => {
    const ran = await own.run('up', '--abort-on-container-failure')
    assert.is(ran.code, 3, ran.err)
    assert.equal(states(own), { 'first-1': 'exited 3', 'next-1': 'created', 'other-1': 'exited 0' })
  },
)

for (const flags of [['--abort-on-container-exit'], ['--exit-code-from', 'next']])
  inLab(
    `a job that has done its work is no end for who waits for it: up ${flags.join(' ')}`,
    { first: image('well'), next: `${FIRST}, image: later }`, other: image('stays') },
    async (own) => {
      const ran = await own.run('up', ...flags)
      assert.is(ran.code, 4, ran.err)
      assert.equal(states(own), { 'first-1': 'exited 0', 'next-1': 'exited 4', 'other-1': 'exited 0' })
    },
  )

test('that nothing runs between one job and the next is no end', async () => {
  const jobs = {
    one: image('well'),
    two: '{ image: ill, depends_on: { one: { condition: service_completed_successfully } } }',
  }
  const own = lab({ 'stack.yaml': stackOf(jobs) }, { images: IMAGES })
  try {
    const { engine } = own
    let starts = 0
    const slow = {
      ...engine,
      async startContainer(...args: Parameters<typeof engine.startContainer>) {
        if (++starts > 1) await engine.clock.sleep(60_000)
        await engine.startContainer(...args)
      },
    }
    const { code, out } = await own.begin(['up'], {
      openBackend: (options) => openBackend({ backend: 'engine', engine: slow }, options),
    }).ended
    assert.is(code, 0)
    assert.equal(
      out.match(/^\w+-1 .*$/gm)?.map((line) => line.replace(/ +/g, ' ')),
      [
        'one-1 | hello',
        'one-1 | bye',
        'one-1 exited with code 0',
        'two-1 | hello',
        'two-1 | bye',
        'two-1 exited with code 3',
      ],
    )
  } finally {
    own.remove()
  }
})

test('Ctrl-C: once all is stopped, a second of what is behind is printed, and what is left out is counted', async () => {
  const own = lab({ 'stack.yaml': stackOf({ app: image('stays') }) }, { images: IMAGES })
  try {
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
    const up = own.begin(['up'], {
      openBackend: (options) => openBackend({ backend: 'engine', engine: slow }, options),
    })
    await until(() => up.out().includes('hello'))
    up.interrupt()
    const { code, out, err } = await up.ended
    assert.is(code, 130)
    const printed = out.match(/late/g)?.length ?? 0
    assert.ok(printed > 0 && printed <= 11, `${printed} lines of one second`)
    assert.match(err, /^More than \d+ lines of the logs are left out; `flotilla logs` shows them$/m)
    assert.ok(engine.clock.now() < 10_000, `${engine.clock.now()} ms`)
  } finally {
    own.remove()
  }
})

test('a container that up replaces is none whose end decides', async () => {
  const services = { web: '{ image: deaf, stop_grace_period: 60s }', job: '{ image: ill, depends_on: [web] }' }
  const own = lab({ 'stack.yaml': stackOf(services) }, { images: IMAGES })
  try {
    assert.is((await own.run('up', '-d', 'web')).code, 0)
    own.write({ 'stack.yaml': stackOf({ ...services, web: image('stays') }) })
    const { code, out, err } = await own.run('up', '--abort-on-container-exit')
    assert.is(code, 3)
    assert.match(err, 'because job-1 exited with code 3')
    assert.equal(out.match(/^\w+-1 exited.*/gm), ['job-1 exited with code 3', 'web-1 exited with code 0'])
    assert.is(out.match(/web-1 +\| hello/g)?.length, 1, 'of the new one alone')
  } finally {
    own.remove()
  }
})

test('the second Ctrl-C kills what an up has started that still waits for the engine', async () => {
  const services = { app: image('stays'), stuck: '{ image: stays, depends_on: [app] }' }
  const own = lab({ 'stack.yaml': stackOf(services) }, { images: IMAGES })
  try {
    const { engine } = own
    const stuck: typeof engine = {
      ...engine,
      startContainer: (id, ...more) =>
        engine.world.containers.get(id)?.name === 'lab-stuck-1'
          ? new Promise<never>(() => undefined)
          : engine.startContainer(id, ...more),
    }
    const up = own.begin(['up'], {
      openBackend: (options) => openBackend({ backend: 'engine', engine: stuck }, options),
    })
    await until(() => states(own)['app-1'] === 'running')
    up.interrupt()
    up.interrupt()
    assert.is((await up.ended).code, 130)
    assert.equal(states(own), { 'app-1': 'exited 137', 'stuck-1': 'created' })
  } finally {
    own.remove()
  }
})

test('the second Ctrl-C leaves an up -d that waits for the engine, and says what is left', async () => {
  const own = lab({ 'stack.yaml': stackOf({ app: image('stays') }) }, { images: IMAGES })
  try {
    const { engine } = own
    const never = { ...engine, startContainer: () => new Promise<never>(() => undefined) }
    const up = own.begin(['up', '-d'], {
      openBackend: (options) => openBackend({ backend: 'engine', engine: never }, options),
    })
    await until(() => engine.world.containers.size > 0)
    up.interrupt()
    up.interrupt()
    const { code, err } = await up.ended
    assert.is(code, 130)
    assert.match(err, /app-1 \(\w+\)/)
    assert.is((await own.run('up', '-d')).code, 0, 'the next one goes on')
    assert.equal(states(own), { 'app-1': 'running' })
  } finally {
    own.remove()
  }
})

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

const TREE = {
  db: image('well'),
  quiet: '{ image: well, attach: false }',
  web: '{ image: ill, depends_on: [db, quiet] }',
}

const SHOWN: [args: string[], services: string[]][] = [
  [[], ['db-1', 'web-1']],
  [['web'], ['web-1']],
  [
    ['--attach-dependencies', 'web'],
    ['db-1', 'web-1'],
  ],
  [['--no-attach', 'db'], ['web-1']],
  [['--attach', 'quiet'], ['quiet-1']],
  [['--attach', 'db', '--attach', 'web', '--no-attach', 'web'], ['db-1']],
]

for (const [args, services] of SHOWN) {
  inLab(`up ${args.join(' ')} shows the logs of ${services.join(', ')}`, TREE, async (own) => {
    const ran = await own.run('up', ...args)
    assert.equal([ran.code, shownIn(ran)], [0, services])
  })
}

const TESTED = 'healthcheck: { test: [CMD, "true"], interval: 1s, retries: 1000 }'

/** Milliseconds after which the health test passes. */
const WAITS: [passesAfter: number, code: number][] = [
  [0, 0],
  [3000, 0],
  [6000, 1],
  [Number.POSITIVE_INFINITY, 1],
]

for (const [passesAfter, expected] of WAITS) {
  test(`up --wait --wait-timeout 5 of what is ready after ${passesAfter / 1000} s ends with ${expected}, on time`, async () => {
    const images = { ...IMAGES, slow: { cmd: ['serve'], passesAfter } }
    const own = lab({ 'stack.yaml': stackOf({ slow: `{ image: slow, ${TESTED} }`, job: image('well') }) }, { images })
    try {
      const { code, err } = await own.run('--progress', 'json', 'up', '--wait', '--wait-timeout', '5')
      assert.is(code, expected, err)
      const failed = jsonLines(err).filter(({ type }) => type === 'step-fail')
      assert.equal(
        failed.map(({ ms, problem }) => [ms, problem.code]),
        expected === 0 ? [] : [[5000, 'wait-timeout']],
      )
    } finally {
      own.remove()
    }
  })
}

inLab(
  'for --wait, a service that has ended with 0 has done its work',
  { a: image('well'), b: image('stays') },
  async (own) => {
    assert.is((await own.run('up', '-d')).code, 0)
    await own.engine.clock.sleep(2000)
    assert.is((await own.run('up', '--wait', '--no-recreate')).code, 0)
  },
)

const REFUSED: string[][] = [
  ['--abort-on-container-exit', '--abort-on-container-failure'],
  ['--abort-on-container-exit', '-d'],
  ['--abort-on-container-failure', '-d'],
  ['--exit-code-from', 'db', '-d'],
  ['--attach', 'db', '-d'],
  ['--attach', 'db', '--attach-dependencies'],
  ['--attach-dependencies', '--wait'],
  ['--exit-code-from', 'db', '--wait'],
  ['--always-recreate-deps', '--no-recreate'],
  ['-V', '--no-recreate'],
]

for (const args of REFUSED) {
  inLab(`up ${args.join(' ')} is refused before anything happens`, TREE, async ({ run, engine }) => {
    const { code, err } = await run('up', ...args)
    assert.is(code, 1)
    assert.match(err, 'error[usage]')
    assert.is(engine.calls.length, 0)
  })
}

for (const flag of ['--attach', '--exit-code-from']) {
  inLab(`up ${flag} of a service that is not there is a problem, with a hint`, TREE, async (own) => {
    const { code, err } = await own.run('up', flag, 'wbe')
    assert.is(code, 1)
    assert.match(err, 'error[unknown-service]')
    assert.match(err, 'web')
    assert.equal(states(own), {})
  })
}

inLab(
  '--always-recreate-deps recreates what the named ones need, and these only if they changed',
  { db: image('stays'), web: '{ image: stays, depends_on: [db] }', other: image('stays') },
  async (own) => {
    const ids = () => Object.fromEntries([...own.engine.world.containers.values()].map(({ id, name }) => [name, id]))
    await own.run('up', '-d')
    const before = ids()
    assert.is((await own.run('up', '-d', '--always-recreate-deps', 'web')).code, 0)
    const after = ids()
    assert.equal(
      Object.keys(before).filter((name) => before[name] !== after[name]),
      ['lab-db-1'],
    )
  },
)

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
