import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { StackError } from '../../../src/diagnostics/checked.ts'
import { connect } from '../../../src/docker/connect.ts'
import { type Engine, EngineError } from '../../../src/docker/port.ts'
import { hostileEngine } from '../../support/hostile/hostile-engine.ts'
import { FITTING, HUGE, WAYS, type Way, wrongTypes } from '../../support/hostile/ways.ts'
import { routeOf } from '../../support/hostile/world.ts'
import { CALLS, type Call, STREAMS } from './hostile-calls.ts'

const ENOUGH = 'enough'
const SILENCE_S = 0.5
/** Where the engine is not silent. */
const PLENTY_S = 20
/** Ten times as long may an answer take that comes drop by drop; the rest is for a busy machine. */
const LONGEST_MS = 60_000

type Scene = { client: Engine; engine: Awaited<ReturnType<typeof hostileEngine>> }

async function within<T>(body: (scene: Scene) => Promise<T>, timeout = SILENCE_S): Promise<T> {
  const engine = await hostileEngine()
  const env = { DOCKER_HOST: engine.host, FLOTILLA_ENGINE_TIMEOUT: String(timeout) }
  try {
    return await body({ engine, client: await connect({ env, home: '/nowhere', platform: 'linux' }) })
  } finally {
    await engine.close()
  }
}

type Ending = { value: unknown } | { thrown: unknown }

/** How a call ends; after a while it is stopped. */
async function ending(client: Engine, call: Call, ms: number): Promise<Ending> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(ENOUGH), ms)
  try {
    return { value: await call(client, stop.signal) }
  } catch (thrown) {
    return { thrown }
  } finally {
    clearTimeout(timer)
  }
}

function isTold(ended: Ending, about: string): void {
  const thrown = 'thrown' in ended ? ended.thrown : ended
  const isProblem = thrown instanceof EngineError || thrown instanceof StackError
  assert.ok(isProblem, `${about}: ${thrown instanceof Error ? thrown.stack : JSON.stringify(thrown)}`)
  const { message } = thrown as Error
  assert.ok(message.trim() !== '' && message.length < 2200 && !message.includes('\n'), `${about}: "${message}"`)
}

test('an engine that behaves answers every call', () =>
  within(async ({ client }) => {
    for (const [name, call] of Object.entries({ ...CALLS, ...STREAMS })) {
      const ended = await ending(client, call, 1000)
      if (name === 'events') assert.equal(ended, { thrown: ENOUGH })
      else assert.ok('value' in ended, `${name}: ${'thrown' in ended && (ended.thrown as Error).stack}`)
    }
  }))

/** What is huge is answered to one call at a time, and to one of each kind. */
const OF_EACH_KIND = ['listContainers', 'startContainer', 'pullImage', 'logs', 'readFile', 'createContainer']

test('in whatever way an engine misbehaves, every call ends with an error in words', async () => {
  const light = Object.entries(WAYS).filter(([way]) => !HUGE.has(way))
  await Promise.all(light.map(([way, misbehave]) => everyCall(way, misbehave, Object.keys(CALLS))))
  for (const way of HUGE) for (const name of OF_EACH_KIND) await everyCall(way, WAYS[way] as Way, [name])
})

async function everyCall(way: string, misbehave: Way, names: string[]): Promise<void> {
  await within(async ({ engine, client }) => {
    engine.misbehave(() => misbehave)
    const check = async (name: string) => {
      const ended = await ending(client, CALLS[name] as Call, LONGEST_MS)
      if (!(FITTING.has(way) && 'value' in ended)) isTold(ended, `${name}, ${way}`)
    }
    await Promise.all(names.map(check))
  })
}

test('every stream ends with an error in words, or goes on until it is stopped', async () => {
  const light = Object.entries(WAYS).filter(([way]) => !HUGE.has(way))
  await Promise.all(light.map(([way, misbehave]) => everyStream(way, misbehave)))
})

async function everyStream(way: string, misbehave: Way): Promise<void> {
  await within(async ({ engine, client }) => {
    engine.misbehave(() => misbehave)
    const check = async ([name, call]: [string, Call]) => {
      const ended = await ending(client, call, 2000)
      if ('thrown' in ended && ended.thrown !== ENOUGH) isTold(ended, `${name}, ${way}`)
    }
    await Promise.all(Object.entries(STREAMS).map(check))
  })
}

test('every value of an answer may be of another kind', async () => {
  const calls = Object.entries(CALLS)
  const told = await Promise.all(
    calls.map(([name, call]) => within((scene) => ofOtherKinds(scene, name, call), PLENTY_S)),
  )
  assert.ok(told.flat().length > 500, `${told.flat().length} told`)
})

/** Which of them were refused; the others do not matter to anybody. */
async function ofOtherKinds({ engine, client }: Scene, name: string, call: Call): Promise<string[]> {
  await ending(client, call, LONGEST_MS)
  const [route = ''] = [...engine.called].slice(-1)
  const told: string[] = []
  for (const { path, answer } of wrongTypes(goodAnswer(route))) {
    const body = JSON.stringify(answer)
    engine.misbehave((called) => (called === route ? (_, __, response) => give(response, body) : undefined))
    const ended = await ending(client, call, LONGEST_MS)
    if ('value' in ended) continue
    isTold(ended, `${name}${path}`)
    assert.match((ended.thrown as Error).message, / instead of /, `${name}${path}`)
    told.push(path)
  }
  return told
}

function give(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(body)
}

function goodAnswer(route: string): unknown {
  const [method = '', path = ''] = route.split(' ')
  const { status, body } = routeOf(method, path.replaceAll(/ID|NAME/g, 'x')).answer
  return status < 300 ? body : undefined
}

test('a read whose connection is lost is repeated once, a write is not', () =>
  within(async ({ engine, client }) => {
    const lost = new Map<string, number>()
    engine.misbehave((route) => {
      lost.set(route, (lost.get(route) ?? 0) + 1)
      return lost.get(route) === 1 ? WAYS['cut by length'] : undefined
    })
    assert.is((await client.listContainers({})).length, 2)
    const thrown = await client.createVolume({ Name: 'v' }).catch((error) => error)
    assert.is(thrown.status, undefined)
    assert.match(thrown.message, 'POST /volumes/create at unix://')
    assert.equal([...lost.values()], [2, 1])
  }, PLENTY_S))

test('what takes its time is waited for while the engine answers a ping', () =>
  within(async ({ engine, client }) => {
    const slow: Way = (_, __, response) => void setTimeout(() => response.writeHead(204).end(), 3000)
    engine.misbehave((route) => (route.includes('stop') ? slow : undefined))
    await client.stopContainer('a', {})
    engine.misbehave((route) => (route.includes('stop') ? slow : WAYS.silence))
    const thrown = await client.stopContainer('a', {}).catch((error) => error)
    assert.match(thrown.message, 'no answer for 1 s')
    assert.match(thrown.hint, 'FLOTILLA_ENGINE_TIMEOUT')
  }, 1))

for (const [name, route] of [
  ['pullImage', 'POST /images/create'],
  ['buildImage', 'POST /build'],
  ['logs', 'GET /containers/ID/logs'],
] as const) {
  test(`${name}: a message that comes drop by drop is waited for while the engine answers a ping`, () =>
    within(async ({ engine, client }) => {
      const call = CALLS[name] as Call
      engine.misbehave((called) => (called === route ? byteByByte : undefined))
      assert.ok('value' in (await ending(client, call, LONGEST_MS)))
      engine.misbehave((called) => (called === route ? byteByByte : WAYS.silence))
      const ended = await ending(client, call, LONGEST_MS)
      assert.match('thrown' in ended ? (ended.thrown as Error).message : 'a value', 'no answer for 1 s')
    }, 1))
}

/** Each message takes longer than an engine may be silent. */
const byteByByte: Way = async (_, { raw = Buffer.alloc(0) }, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  for (const byte of raw) {
    response.write(Buffer.of(byte))
    await pause(4000 / raw.length)
  }
  response.end()
}

test('no limit is no limit', () =>
  within(async ({ engine, client }) => {
    engine.misbehave(() => WAYS.silence)
    assert.equal(await ending(client, CALLS.listContainers as Call, 1000), { thrown: ENOUGH })
  }, 0))

test.run()
