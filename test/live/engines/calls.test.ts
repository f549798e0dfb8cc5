import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { startProxy } from '../proxy.ts'
import { type Scene, STAYS, scenes, shell } from '../scene.ts'

const check = await scenes()

/** The calls of a command, without query strings. */
async function callsOf({ run, env, socket = '' }: Scene, ...args: string[]): Promise<string[]> {
  const proxy = await startProxy(socket)
  env.DOCKER_HOST = proxy.host
  try {
    succeeded(await run(...args))
    return proxy.calls.map(({ method, path }) => `${method} ${path.replace(/\?.*/, '')}`).sort()
  } finally {
    delete env.DOCKER_HOST
    await proxy.close()
  }
}

const NO_SOCKET = 'skipped: the engine is not reached by a socket'

const LISTS = ['GET /containers/json', 'GET /images/json', 'GET /networks', 'GET /volumes']

check('with nothing to do, up and plan make one round of list calls, ps one call, config none', async (scene) => {
  if (!scene.socket) return console.log(NO_SOCKET)
  const { stack, run } = scene
  await stack({
    services: {
      db: { ...STAYS, healthcheck: { test: ['CMD', 'true'], interval: '100ms' } },
      web: {
        ...STAYS,
        scale: 3,
        depends_on: { db: { condition: 'service_healthy' } },
        networks: { default: { aliases: ['www'] }, back: null },
        volumes: ['data:/data', '/cache'],
        restart: 'always',
      },
    },
    networks: { back: null },
    volumes: { data: null },
  })
  succeeded(await run('up', '-d'))
  assert.equal(await callsOf(scene, 'ps'), ['GET /containers/json'])
  assert.equal(await callsOf(scene, 'config', '-q'), [])
  assert.equal(await callsOf(scene, 'up', '-d'), LISTS)
  assert.equal(await callsOf(scene, 'plan'), LISTS)
})

check('a job that has done its work costs a look, and nothing else', async (scene) => {
  if (!scene.socket) return console.log(NO_SOCKET)
  await scene.stack({
    services: {
      job: shell('exit 0'),
      web: { ...STAYS, depends_on: { job: { condition: 'service_completed_successfully' } } },
    },
  })
  succeeded(await scene.run('up', '-d'))
  const calls = await callsOf(scene, 'up', '-d')
  assert.ok(calls.length <= 6 && calls.every((call) => call.startsWith('GET ')), calls.join(', '))
})

check('a down with nothing to do only looks', async (scene) => {
  if (!scene.socket) return console.log(NO_SOCKET)
  await scene.stack({ services: { a: STAYS } })
  const calls = await callsOf(scene, 'down')
  assert.ok(calls.length <= 5 && calls.every((call) => call.startsWith('GET ')), calls.join(', '))
})

test.run()
