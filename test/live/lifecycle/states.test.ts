import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonLines, type Ran, succeeded } from '../../support/cli.ts'
import { type Scene, STAYS, scenes, shell, withScene } from '../scene.ts'

const check = await scenes()

/** A service that can be used after so many seconds. */
const after = (seconds: number) => ({
  ...shell(`sleep ${seconds}; touch /ready; exec sleep 1000`),
  healthcheck: { test: ['CMD', 'test', '-f', '/ready'], interval: '20s' },
})
const needing = (name: string) => ({ ...STAYS, depends_on: { [name]: { condition: 'service_healthy' } } })

const problemsOf = ({ stderr }: Ran) =>
  jsonLines(stderr).flatMap(({ type, code, problem }) => {
    const found = type === 'problem' ? code : type === 'step-fail' ? (problem as { code: string }).code : undefined
    return found === undefined ? [] : [found]
  })

const crash = (seconds: number) => shell(`sleep ${seconds}; exit 3`)

/** Stacks in which something crashes: what a command that brings them up ends with, and says. */
const CRASHES: Record<string, { services: object; command: string[]; code: number }> = {
  'at its start': { services: { api: crash(0.2), web: STAYS }, command: ['up', '-d', '--wait'], code: 1 },
  'while another is waited for': { services: { api: crash(1.5), db: after(4) }, command: ['up', '--wait'], code: 1 },
  'again and again': { services: { api: { ...crash(0.2), restart: 'always' } }, command: ['up', '--wait'], code: 1 },
  'and is restarted after it was ready': {
    services: { api: { ...crash(1.5), restart: 'always' }, db: after(4) },
    command: ['up', '--wait'],
    code: 1,
  },
  'unwaited for': { services: { api: crash(0.2), db: after(1), web: needing('db') }, command: ['up', '-d'], code: 0 },
}

check('a crash is never reported as a success', ({ engine }) =>
  eachIn(Object.entries(CRASHES), ([name, { services, command, code }]) =>
    withScene(engine, async ({ stack, run }) => {
      await stack({ services })
      const ran = await run('--progress', 'json', ...command)
      assert.is(ran.code, code, `${name}: ${ran.stderr}`)
      assert.ok(problemsOf(ran).includes('container-exited'), `${name}: ${ran.stderr}`)
    }),
  ),
)

check('a paused container continues, and its unhealthy state from the pause fails no dependent', ({ engine }) =>
  eachIn(['paused', 'unpaused'], (state) => withScene(engine, (scene) => upAgain(scene, state))),
)

async function upAgain({ stack, run, container }: Scene, state: string): Promise<void> {
  const db = after(0)
  await stack({ services: { db } })
  succeeded(await run('up', '--wait'))
  succeeded(await run('pause'))
  if (state === 'unpaused') succeeded(await run('unpause'))
  assert.is((await container('db-1')).health?.status, 'unhealthy')
  await stack({ services: { db, web: needing('db') } })
  succeeded(await run('up', '--wait'))
  assert.equal([(await container('db-1')).state, (await container('web-1')).state], ['running', 'running'])
}

async function eachIn<T>(all: T[], body: (each: T) => Promise<void>): Promise<void> {
  await Promise.all(all.map(body))
}

test.run()
