import { execFileSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ensureBuilt, failedSteps, succeeded } from '../support/cli.ts'
import { deviations, type StackData, worldOf } from './declared.ts'
import { noOwnEngine, type OwnEngine, withOwnEngine } from './own-engine.ts'
import { type Scene, STAYS, withScene } from './scene.ts'

/** What needs an engine that nobody else works with. */
const why = noOwnEngine()
if (why) console.log(`skipped: ${why}`)
else ensureBuilt()
const check = (name: string, body: () => Promise<void>) => (why ? test.skip(name) : test(name, body))

const stackOf = (REV: string): StackData => ({
  services: {
    db: {
      ...STAYS,
      environment: { REV },
      volumes: ['data:/data', '/cache'],
      networks: { back: { aliases: ['database'] } },
      healthcheck: { test: ['CMD', 'true'], interval: '500ms', retries: 50 },
      restart: 'always',
    },
    web: {
      ...STAYS,
      environment: { REV },
      scale: 2,
      networks: { back: null, default: null },
      depends_on: { db: { condition: 'service_healthy' } },
    },
    other: { ...STAYS, environment: { REV }, restart: 'unless-stopped' },
  },
  networks: { back: null },
  volumes: { data: null },
})

/** Where the command stands when the engine goes away, in a first up and in a recreate. */
const MOMENTS: [step: string, recreate: boolean, signal: 'SIGTERM' | 'SIGKILL'][] = [
  ['create:container/web/2', false, 'SIGKILL'],
  ['start:container/db/1', false, 'SIGTERM'],
  ['wait:container/db/1:service_healthy', false, 'SIGKILL'],
  ['create-next:container/web/1', true, 'SIGTERM'],
  ['stop:container/other/1', true, 'SIGKILL'],
  ['start-next:container/db/1', true, 'SIGTERM'],
  ['remove:container/other/1', true, 'SIGKILL'],
]

check('an engine that restarts in the middle of up: the command waits for it and goes on', () =>
  withOwnEngine('64m', async (own) => {
    for (const [step, recreate, signal] of MOMENTS)
      await withScene(own.engine, (scene) => restartAt(own, scene, step, recreate, signal))
  }),
)

async function restartAt(own: OwnEngine, scene: Scene, step: string, recreate: boolean, signal: 'SIGTERM' | 'SIGKILL') {
  scene.env.DOCKER_HOST = own.host
  if (recreate) {
    await scene.stack(stackOf('1'))
    succeeded(await scene.run('up', '-d'))
  }
  const wanted = stackOf('2')
  await scene.stack(wanted)
  const running = scene.launch('--progress', 'json', 'up', '-d')
  await running.until(({ stderr }) => stderr.includes(`"step-start","step":"${step}"`))
  await own.restart(signal)
  const ran = await running.done
  const story = `${signal} at ${step}: ${ran.code}\n${ran.stderr}`
  assert.is(ran.code, 0, story)
  assert.equal(deviations(await worldOf(own.engine, scene.project), scene.project, wanted), [], story)
  assert.is((await scene.run('plan')).code, 0, story)
}

check('a full disk: what is full is said, nothing is lost, and up goes on once there is room', () =>
  withOwnEngine('24m', (own) =>
    withScene(own.engine, async (scene) => {
      scene.env.DOCKER_HOST = own.host
      await scene.stack(stackOf('1'))
      succeeded(await scene.run('up', '-d'))
      const filler = `${own.data}/filler`
      assert.throws(
        () => execFileSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k'], { stdio: 'pipe' }),
        /No space left/,
      )
      await scene.stack(stackOf('2'))
      const ran = await scene.run('--progress', 'json', 'up', '-d')
      assert.is(ran.code, 1)
      const failures = failedSteps(ran)
      assert.ok(failures.length > 0)
      for (const { problem, dossier } of failures)
        assert.match(`${problem.hint} ${dossier?.tries.join()}`, 'the disk is full', JSON.stringify(problem))
      const world = await worldOf(own.engine, scene.project)
      assert.equal(
        world.containers.filter((each) => !each.running).map((each) => each.name),
        [],
      )
      execFileSync('rm', [filler])
      succeeded(await scene.run('up', '-d'))
      assert.equal(deviations(await worldOf(own.engine, scene.project), scene.project, stackOf('2')), [])
    }),
  ),
)

test.run()
