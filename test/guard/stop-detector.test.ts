import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Change } from '../../src/backend/read/events.ts'
import { type Conclusion, StopDetector } from '../../src/guard/stop-detector.ts'

type Word = 'start' | 'die' | 'stop' | 'destroy' | 'create' | `kill ${string}`

/** The reports of an engine, as words with the milliseconds before each, and the wanted end; absent: as before. */
const STORIES: Record<string, [(Word | number)[], Conclusion['want']?]> = {
  'it exits': [['die']],
  'docker stop': [['kill 15', 300, 'die', 5, 'stop'], 'stopped'],
  'docker stop, killed after its grace': [['kill 15', 10_000, 'kill 9', 20, 'die', 5, 'stop'], 'stopped'],
  'docker stop with a long grace, and a program that takes it': [['kill 15', 300_000, 'die', 5, 'stop'], 'stopped'],
  'docker stop with a signal of its own': [['kill 10', 1_000, 'die', 5, 'stop'], 'stopped'],
  'docker kill': [['kill 9', 20, 'die'], 'stopped'],
  'docker kill -s TERM, heard after a while': [['kill 15', 8_000, 'die'], 'stopped'],
  'docker kill -s TERM by name': [['kill SIGTERM', 8_000, 'die'], 'stopped'],
  'docker kill -s TERM, not heard; a crash much later': [['kill 15', 3_600_000, 'die']],
  'docker kill -s HUP, which it cannot take': [['kill 1', 50, 'die'], 'stopped'],
  'docker kill -s HUP to reload, then a crash': [['kill 1', 9_000, 'die']],
  'docker rm -f': [['kill 9', 20, 'die', 200, 'destroy'], 'before'],
  'docker rm -f, while the engine is slow': [['kill 9', 900, 'die', 3_000, 'destroy'], 'before'],
  'docker compose down': [['kill 15', 100, 'die', 5, 'stop', 40, 'destroy'], 'stopped'],
  'docker kill, and docker rm a while later': [['kill 9', 20, 'die', 60_000, 'destroy'], 'stopped'],
  'removed after a crash': [['die', 500, 'destroy']],
  'docker restart': [['kill 15', 100, 'die', 5, 'stop', 10, 'start'], 'running'],
  'docker start': [['start'], 'running'],
  'stopped while the engine waited to start it again': [['die', 50, 'stop'], 'stopped'],
  'created, and no more': [['create']],
}

const change = (word: Word, id = 'a', service = 'web'): Change => {
  const [action, signal] = word.split(' ') as [Change['action'], string?]
  return { id, service, number: 1, oneoff: false, action, ...(signal && { signal }) }
}

for (const [story, [words, expected]] of Object.entries(STORIES)) {
  test(`${story}: ${expected ?? 'as before'}`, () => {
    const detector = new StopDetector()
    detector.seen([{ id: 'a', service: 'web', number: 1 }])
    let now = 1_000_000
    let want: Conclusion['want'] | undefined
    for (const word of words) {
      if (typeof word === 'number') now += word
      else want = detector.hear(change(word), now)?.want ?? want
    }
    assert.is(want, expected)
  })
}

test('the containers of run do not count', () => {
  const detector = new StopDetector()
  for (const word of ['kill 9', 'die', 'stop', 'start'] as const)
    assert.is(detector.hear({ ...change(word), oneoff: true }, 0), undefined)
})

test('a container that is stopped while its successor runs is not stopped on purpose', () => {
  const detector = new StopDetector()
  detector.seen([{ id: 'old', service: 'web', number: 1 }])
  assert.is(detector.hear(change('start', 'next'), 0)?.want, 'running')
  for (const word of ['kill 15', 'die', 'stop'] as const) assert.is(detector.hear(change(word, 'old'), 10), undefined)
})

/** Containers of one project, and in which order their events come when the engine ends. */
const endings = fc.record({
  count: fc.integer({ min: 1, max: 6 }),
  graces: fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 6, maxLength: 6 }),
  asks: fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 6, maxLength: 6 }),
  saysStop: fc.boolean(),
})

function endOfEngine(
  detector: StopDetector,
  { count, graces, asks, saysStop }: typeof endings extends fc.Arbitrary<infer T> ? T : never,
) {
  const names = Array.from({ length: count }, (_, i) => `s${i}`)
  const events = names.flatMap((name, i) => {
    const asked = 50_000 + (asks[i] ?? 0)
    const died = asked + (graces[i] ?? 0)
    const stop = saysStop ? ([[died + 1, 'stop', name]] as const) : []
    return [[asked, 'kill 15', name] as const, [died, 'die', name] as const, ...stop]
  })
  const sorted = [...events].sort(([a], [b]) => a - b)
  for (const [at, word, name] of sorted) detector.hear(change(word, name, name), at)
  return { names, last: sorted.at(-1)?.[0] ?? 0 }
}

test('containers that an engine stops before it ends are not stopped on purpose', () => {
  fc.assert(
    fc.property(endings, fc.integer({ min: 1, max: 5_000 }), (ending, pause) => {
      const detector = new StopDetector()
      detector.seen(Array.from({ length: ending.count }, (_, i) => ({ id: `s${i}`, service: `s${i}`, number: 1 })))
      const { names, last } = endOfEngine(detector, ending)
      assert.equal(
        detector
          .broken(last + pause)
          .map(({ service }) => service)
          .sort(),
        names,
      )
    }),
  )
})

test('a stop before that, a stop of some, and a stop long before the connection ends are on purpose', () => {
  fc.assert(
    fc.property(endings, (ending) => {
      const all = Array.from({ length: ending.count }, (_, i) => ({ id: `s${i}`, service: `s${i}`, number: 1 }))
      const early = new StopDetector()
      early.seen([...all, { id: 'before', service: 'before', number: 1 }])
      for (const [word, at] of [
        ['kill 9', 40_000],
        ['die', 40_010],
      ] as const)
        early.hear(change(word, 'before', 'before'), at)
      const { last } = endOfEngine(early, ending)
      assert.not(early.broken(last + 100).some(({ service }) => service === 'before'))
      const some = new StopDetector()
      some.seen([...all, { id: 'alive', service: 'alive', number: 1 }])
      assert.equal(some.broken(endOfEngine(some, ending).last + 100), [])
      const late = new StopDetector()
      late.seen(all)
      assert.equal(late.broken(endOfEngine(late, ending).last + 60_000), [])
    }),
  )
})

test.run()
