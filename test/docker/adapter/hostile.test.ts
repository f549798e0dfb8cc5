import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SWITCHED } from '../../support/hostile/hostile-engine.ts'
import { FITTING, HUGE, WAYS, type Way } from '../../support/hostile/ways.ts'
import { CALLS, type Call, STREAMS } from './hostile-calls.ts'
import { ENOUGH, ending, isReported, LONGEST_MS, PLENTY_S, within } from './hostile-scene.ts'

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
      if (!(FITTING.has(way) && 'value' in ended)) isReported(ended, `${name}, ${way}`)
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
      if ('thrown' in ended && ended.thrown !== ENOUGH) isReported(ended, `${name}, ${way}`)
    }
    await Promise.all(Object.entries(STREAMS).map(check))
  })
}

/** What comes over a connection that was handed over to BuildKit. */
const HANDED_OVER: Record<string, (socket: Socket) => void> = {
  garbage: (socket) => void socket.write(Buffer.alloc(200, 'x')),
  'the beginning of a frame': (socket) => void socket.write(Buffer.from([0, 0, 9, 4])),
  'an end': (socket) => void socket.end(),
  'a loss': (socket) => void socket.destroy(),
  nothing: () => undefined,
}

test('a build by BuildKit itself ends with an error in words, whatever comes over its connection', async () => {
  const call = CALLS['buildImage, of several platforms'] as Call
  await Promise.all(
    Object.entries(HANDED_OVER).map(([name, comes]) =>
      within(async ({ engine, client }) => {
        let isHandedOver = false
        engine.misbehave((route) => {
          if (route !== 'POST /grpc') return isHandedOver ? WAYS.silence : undefined
          isHandedOver = true
          return (socket) => {
            socket.write(SWITCHED)
            comes(socket)
          }
        })
        isReported(await ending(client, call, LONGEST_MS), name)
      }),
    ),
  )
})

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

test('a slow answer is awaited while the engine answers pings', () =>
  within(async ({ engine, client }) => {
    const slow: Way = (_, __, response) => void setTimeout(() => response.writeHead(204).end(), 3000)
    engine.misbehave((route) => (route.includes('stop') ? slow : undefined))
    await client.stopContainer('a', {})
    engine.misbehave((route) => (route.includes('stop') ? slow : WAYS.silence))
    const thrown = await client.stopContainer('a', {}).catch((error) => error)
    assert.match(thrown.message, 'no answer for 1 s')
    assert.match(thrown.hint, 'FLOTILLA_ENGINE_TIMEOUT')
  }, 1))

/** All at the same time: they wait, and take hardly any processor time. */
test('a message that comes drop by drop is waited for while the engine answers a ping', async () => {
  const calls = { pullImage: 'POST /images/create', buildImage: 'POST /build', logs: 'GET /containers/ID/logs' }
  await Promise.all(Object.entries(calls).map(([name, route]) => dropByDrop(name, route)))
})

async function dropByDrop(name: string, route: string): Promise<void> {
  await within(async ({ engine, client }) => {
    const call = CALLS[name] as Call
    engine.misbehave((called) => (called === route ? byteByByte : undefined))
    assert.ok('value' in (await ending(client, call, LONGEST_MS)), name)
    engine.misbehave((called) => (called === route ? byteByByte : WAYS.silence))
    const ended = await ending(client, call, LONGEST_MS)
    assert.match('thrown' in ended ? (ended.thrown as Error).message : 'a value', 'no answer for 1 s', name)
  }, 1)
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
