import { execFileSync } from 'node:child_process'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ensureBuilt, failedSteps, type Ran, succeeded } from '../../support/cli.ts'
import { deviations, type StackData, worldOf } from '../declared.ts'
import { noOwnEngine, type OwnEngine, withOwnEngine } from '../own-engine.ts'
import { nothingToChange, type Scene, STAYS, withScene } from '../scene.ts'

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
      healthcheck: { test: ['CMD', 'sleep', '2'], interval: '500ms', retries: 50 },
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

const WAIT = '"step-start","step":"wait:container/db/1:service_healthy"'

/**
 * The database is waited for and no start is under way: an engine that ends in the middle of one (20.10) loses sight of the process
 * that it was starting, and can never start that container again, which only its administrator can put right.
 */
function isCalm({ stderr }: Ran): boolean {
  const all = (type: string) => [...stderr.matchAll(new RegExp(`"${type}","step":"start`, 'g'))].length
  return stderr.includes(WAIT) && all('step-start') === all('step-done')
}

check('an engine that restarts in the middle of up: the command waits for it and goes on', () =>
  withOwnEngine('64m', async (own) => {
    for (const recreate of [false, true]) await withScene(own.engine, (scene) => restartDuring(own, scene, recreate))
  }),
)

async function restartDuring(own: OwnEngine, scene: Scene, recreate: boolean): Promise<void> {
  scene.env.DOCKER_HOST = own.host
  if (recreate) {
    await scene.stack(stackOf('1'))
    succeeded(await scene.run('up', '-d'))
  }
  const wanted = stackOf('2')
  await scene.stack(wanted)
  const running = scene.launch('--progress', 'json', 'up', '-d')
  await running.until(isCalm)
  await own.restart()
  const ran = await running.done
  // Containers that the engine has ended on its way out may be reported as failures: then one more command puts it right.
  const again = ran.code === 0 ? ran : await scene.run('up', '-d')
  const story = `${recreate ? 'recreate' : 'first up'}: ${ran.code}\n${ran.stderr}`
  assert.is(again.code, 0, story)
  assert.equal(deviations(await worldOf(own.engine, scene.project), scene.project, wanted), [], story)
  await nothingToChange(scene.run, story)
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
