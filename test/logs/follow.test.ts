import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineReader } from '../../src/backend/engine/read/reader.ts'
import type { Change } from '../../src/backend/read/events.ts'
import type { LogLine, LogOptions } from '../../src/backend/read/logs.ts'
import type { Reader } from '../../src/backend/reader.ts'
import { EngineError } from '../../src/docker/port.ts'
import { LogCursor } from '../../src/logs/cursor.ts'
import { follow } from '../../src/logs/follow.ts'
import type { Exit, ReplicaRef, Start } from '../../src/logs/follow-options.ts'
import { virtualClock } from '../support/clock.ts'
import { memoryEngine } from '../support/memory-engine.ts'
import { replicaOf } from '../support/replica.ts'

/** What a container has written, by second. */
const WRITTEN: LogLine[] = [
  { stream: 'stdout', text: 'one', time: '2026-01-01T00:00:01Z' },
  { stream: 'stderr', text: 'held back', time: '2026-01-01T00:00:02Z' },
  { stream: 'stdout', text: 'two', time: '2026-01-01T00:00:03Z' },
  { stream: 'stdout', text: 'no end', time: '2026-01-01T00:00:04Z' },
]

interface Scene {
  /** What following gives: other texts are kept back. */
  followed: readonly string[]
  /** The engine's answers to subscriptions, one after the other; the last one for all that come. */
  subscriptions: (() => AsyncIterable<Change>)[]
  /** Seconds after which the container has ended. */
  endsAfter: number
  from?: Start
}

async function followed(scene: Scene): Promise<string[]> {
  const clock = virtualClock()
  const reported: string[] = []
  const ended = () => clock.now() >= scene.endsAfter * 1000
  const listed = replicaOf('a', 'running', { id: 'c', name: 'p-a-1' })
  let subscribed = 0
  const reader: Reader = {
    ...engineReader(memoryEngine()),
    list: async () => [{ ...listed, state: ended() ? 'exited' : 'running', ...(ended() && { exitCode: 3 }) }],
    async *logs(_, options, signal) {
      if (options.follow && !ended()) await clock.sleep(scene.endsAfter * 1000 - clock.now(), signal)
      yield* chosen(options).filter(({ text }) => !options.follow || scene.followed.includes(text))
    },
    async changes() {
      const next = scene.subscriptions[Math.min(subscribed++, scene.subscriptions.length - 1)]
      if (!next) throw new Error('no subscription in this scene')
      return next()
    },
  }
  const signal = new AbortController().signal
  const onLine = (_: ReplicaRef, line: LogLine) => void reported.push(line.text)
  const onExit = (_: ReplicaRef, { code }: Exit) => void reported.push(`exit ${code}`)
  const from = () => scene.from ?? {}
  await follow(reader, { project: 'p', services: undefined, from, onLine, onExit, clock }, signal)
  return reported
}

function chosen({ since, tail }: LogOptions): LogLine[] {
  const lines = WRITTEN.filter(({ time = '' }) => since === undefined || time >= since)
  return tail === undefined ? lines : lines.slice(lines.length - tail)
}

async function* silence(): AsyncGenerator<Change> {
  await new Promise(() => {})
}

async function* nothing(): AsyncGenerator<Change> {}

async function* broken(): AsyncGenerator<Change> {
  yield* nothing()
  throw new EngineError('socket hang up')
}

const ALL = WRITTEN.map(({ text }) => text)

for (const kept of ALL) {
  test(`a line that following keeps back is printed all the same, and none twice: ${kept}`, async () => {
    const reported = await followed({
      followed: ALL.filter((text) => text !== kept),
      subscriptions: [silence],
      endsAfter: 5,
    })
    const expected = kept === 'one' || kept === 'two' ? ALL.filter((text) => text !== kept) : ALL
    assert.equal([...reported].sort(), [...expected, 'exit 3'].sort())
  })
}

test('a last line is printed once where following gives it', async () => {
  const reported = await followed({ followed: ALL, subscriptions: [silence], endsAfter: 5 })
  assert.equal(reported, [...ALL, 'exit 3'])
})

for (const count of [0, 1, 2, 3, 4]) {
  test(`lines printed before following are not printed again: ${count} lines`, async () => {
    const position = new LogCursor()
    for (const line of WRITTEN.slice(0, count)) position.take(line)
    position.level()
    const reported = await followed({ followed: ALL, subscriptions: [silence], endsAfter: 5, from: { position } })
    assert.equal(reported, [...ALL.slice(count), 'exit 3'])
  })
}

for (const [name, gone] of Object.entries({ nothing, broken })) {
  test(`a subscription that ends (${name}) while containers run is renewed`, async () => {
    const reported = await followed({ followed: ALL, subscriptions: [gone, gone, silence], endsAfter: 5 })
    assert.equal(reported, [...ALL, 'exit 3'])
  })
}

test('an engine that stays away ends it', async () => {
  const away = () => {
    throw new EngineError('connect ENOENT')
  }
  const endsAfter = 10_000
  const thrown = await followed({ followed: ALL, subscriptions: [nothing, away], endsAfter }).catch((error) => error)
  assert.is(thrown.name, 'EngineError')
})

test.run()
