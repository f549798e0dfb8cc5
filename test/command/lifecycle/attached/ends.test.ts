import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { seeing, until } from '../../support.ts'
import { image, inLab, stackOf, states } from './scene.ts'

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

const NEVER_WELL = '{ image: hopeless, healthcheck: { test: [CMD, "true"], interval: 1s, retries: 100000 } }'

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
  'a service that failed to come up has ended, too: an up that exits with its code does',
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

const jobs = {
  one: image('well'),
  two: '{ image: ill, depends_on: { one: { condition: service_completed_successfully } } }',
}
inLab('that nothing runs between one job and the next is no end', jobs, async (own) => {
  const { engine } = own
  let starts = 0
  const slow = {
    ...engine,
    async startContainer(...args: Parameters<typeof engine.startContainer>) {
      if (++starts > 1) await engine.clock.sleep(60_000)
      await engine.startContainer(...args)
    },
  }
  const { code, out } = await own.begin(['up'], seeing(slow)).ended
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
})

const services = { web: '{ image: deaf, stop_grace_period: 60s }', job: '{ image: ill, depends_on: [web] }' }
inLab('a container that up replaces is none whose end decides', services, async (own) => {
  assert.is((await own.run('up', '-d', 'web')).code, 0)
  own.write({ 'stack.yaml': stackOf({ ...services, web: image('stays') }) })
  const { code, out, err } = await own.run('up', '--abort-on-container-exit')
  assert.is(code, 3)
  assert.match(err, 'because job-1 exited with code 3')
  assert.equal(out.match(/^\w+-1 exited.*/gm), ['job-1 exited with code 3', 'web-1 exited with code 0'])
  assert.is(out.match(/web-1 +\| hello/g)?.length, 1, 'of the new one alone')
})

test.run()
