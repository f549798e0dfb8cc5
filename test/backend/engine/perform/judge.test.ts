import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { ReadyCondition } from '../../../../src/backend/engine/action.ts'
import { stopThrottle } from '../../../../src/backend/engine/perform/failure/stop-throttle.ts'
import { judgeUpdate } from '../../../../src/backend/engine/perform/ready/monitor.ts'
import { judge } from '../../../../src/backend/engine/perform/ready/verdict.ts'
import { watchContainers } from '../../../../src/backend/engine/perform/ready/watch.ts'
import type { ContainerDetail, Engine, EngineEvent } from '../../../../src/docker/port.ts'
import { realClock } from '../../../../src/execute/clock.ts'
import type { StepContext } from '../../../../src/execute/step-context.ts'
import { semaphore } from '../../../../src/util/semaphore.ts'
import { virtualClock } from '../../../support/clock.ts'

const STARTED = '2026-01-01T00:00:10Z'

function detail(changes: Partial<ContainerDetail>): ContainerDetail {
  const unused = {
    image: 'a',
    imageId: 'a',
    labels: {},
    oomKilled: false,
    error: '',
    restartCount: 0,
    networks: {},
    mounts: [],
  }
  const spec = { Image: 'a', HostConfig: {} }
  return {
    id: 'a',
    name: 'a',
    state: 'running',
    running: true,
    exitCode: 0,
    startedAt: STARTED,
    spec,
    ...unused,
    ...changes,
  }
}

const health = (status: 'starting' | 'healthy' | 'unhealthy', end?: string) => ({
  health: { status, failingStreak: 3, log: end ? [{ start: end, end, exitCode: 0, output: '' }] : [] },
})
const ended = (exitCode: number) => detail({ state: 'exited', running: false, exitCode })
const [BEFORE, SINCE] = ['2026-01-01T00:00:09Z', '2026-01-01T00:00:11Z']

/** What each state means to who waits: `-` for not yet. In the order healthy, completed, running or healthy. */
const VERDICTS: [string, ContainerDetail, ['ready' | 'no' | '-', 'ready' | 'no' | '-', 'ready' | 'no' | '-']][] = [
  ['created', detail({ state: 'created', running: false }), ['-', '-', '-']],
  ['restarting', detail({ state: 'restarting', running: false, exitCode: 1 }), ['-', '-', '-']],
  ['running without a test', detail({}), ['no', '-', 'ready']],
  ['starting', detail(health('starting')), ['-', '-', '-']],
  ['healthy', detail(health('healthy', SINCE)), ['ready', '-', 'ready']],
  ['healthy since the very start', detail(health('healthy', STARTED)), ['ready', '-', 'ready']],
  ['healthy in its life before', detail(health('healthy', BEFORE)), ['-', '-', '-']],
  ['unhealthy', detail(health('unhealthy', SINCE)), ['no', '-', 'no']],
  ['unhealthy in its life before', detail(health('unhealthy', BEFORE)), ['-', '-', '-']],
  ['done', ended(0), ['no', 'ready', 'ready']],
  ['failed', ended(3), ['no', 'no', 'no']],
  ['dead while its health still reads as it was', { ...ended(1), ...health('healthy', SINCE) }, ['no', 'no', 'no']],
]
const SEEN = { restarts: 0, isOld: false, isSteady: true }
const CONDITIONS: ReadyCondition[] = ['service_healthy', 'service_completed_successfully', 'running_or_healthy']

for (const [what, container, wanted] of VERDICTS) {
  test(`a container that is ${what}`, () => {
    const verdicts = CONDITIONS.map((condition) => judge(container, condition))
    assert.equal(
      verdicts.map((each) => (each === undefined ? '-' : each.ready ? 'ready' : 'no')),
      wanted,
    )
  })
}

test('a container that the engine starts again and again is waited for a few times, a job for ever', () => {
  const restarting = detail({ state: 'restarting', running: false, exitCode: 3 })
  const verdicts = CONDITIONS.map((condition) =>
    [0, 1, 2, 3].map((restarts) => judge(restarting, condition, { ...SEEN, restarts })?.ready),
  )
  const given = [undefined, undefined, undefined, false]
  assert.equal(verdicts, [given, Array.from({ length: 4 }, () => undefined), given])
})

test('an update goes on as long as no more replicas failed than are tolerated, whatever steps of theirs', () => {
  const replicas = [
    ['a1', 'a2'],
    ['b1', 'b2'],
    ['c1', 'c2'],
  ]
  const cases: [string[], number, boolean][] = [
    [[], 0, true],
    [['a1'], 0, false],
    [['a2'], 1, true],
    [['a1', 'a2'], 1, true],
    [['a1', 'b2'], 1, false],
    [['a1', 'b2'], 2, true],
    [['a1', 'b1', 'c1'], 3, true],
  ]
  for (const [failed, tolerated, goesOn] of cases) {
    const scope = { hasFailed: (step: string) => failed.includes(step) } as StepContext
    const judged = () => judgeUpdate({ service: 'web', replicas, tolerated }, scope)
    if (goesOn) assert.equal(judged(), {})
    else assert.throws(judged)
  }
})

test('a probes lets no more through than it is wide, and everybody in the end, failures included', async () => {
  for (const width of [1, 2, 5]) {
    const narrow = semaphore(width)
    let inside = 0
    let most = 0
    const work = async (fails: boolean) => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
      if (fails) throw new Error('expected failure')
    }
    const all = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => narrow.run(() => work(n % 3 === 0))))
    assert.equal([most, inside], [width, 0])
    assert.is(all.filter((each) => each.status === 'rejected').length, 4)
  }
})

test('slow services end side by side, however many; of the quick ones the engine gets eight at a time', async () => {
  const clock = virtualClock()
  for (const [takes, width, total] of [
    [60_000, 40, 62_000],
    [100, 8, 500],
  ] as const) {
    const ending = stopThrottle()
    const began = clock.now()
    let inside = 0
    let most = 0
    const end = async () => {
      most = Math.max(most, ++inside)
      await clock.sleep(takes)
      inside--
    }
    await Promise.all(Array.from({ length: 40 }, () => ending(clock, end)))
    assert.is(most, width)
    assert.is(clock.now() - began, total)
  }
})

test('after a broken stream of events everybody looks again: what happened meanwhile was not heard', async () => {
  let streams = 0
  const events: Engine['events'] = async (_filter, signal) => (streams++ === 0 ? broken() : silent(signal))
  const watch = watchContainers({ events } as Engine, 'lab')
  const reported = await new Promise<string>((resolve) => {
    void watch.listen('a', () => resolve('told')).then((leave) => realClock.sleep(5_000).then(leave))
    void realClock.sleep(4_000).then(() => resolve('not told'))
  })
  assert.is(reported, 'told')
  assert.is(streams, 2)
})

const broken = (): AsyncIterable<EngineEvent> => streamOf(() => Promise.reject(new Error('connection reset')))

const silent = (signal: AbortSignal): AsyncIterable<EngineEvent> =>
  streamOf(
    () => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ done: true, value: undefined }))),
  )

function streamOf(next: () => Promise<IteratorResult<EngineEvent>>): AsyncIterable<EngineEvent> {
  return { [Symbol.asyncIterator]: () => ({ next }) }
}

test.run()
