import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonLines } from '../../../support/cli.ts'
import { lab, type Ran, until } from '../../support.ts'
import { IMAGES, image, inLab, stackOf, states } from './scene.ts'

const shownIn = ({ out }: Ran) => [...new Set(out.match(/^\w+-\d+(?= +\|)/gm) ?? [])].sort()

const NEVER_WELL = '{ image: hopeless, healthcheck: { test: [CMD, "true"], interval: 1s, retries: 100000 } }'

inLab(
  'output of a service is shown while others still wait for it, also its last lines',
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
  'lines printed before an up failed are shown before the failure, each once',
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

test.run()
