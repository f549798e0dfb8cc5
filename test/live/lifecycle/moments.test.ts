import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Running, succeeded } from '../../support/cli.ts'
import { AFTERMATH } from '../chaos.ts'
import { deviations, leftovers, type StackData, worldOf } from '../declared.ts'
import { firstSignal } from '../killed-event.ts'
import { PASS, startProxy } from '../proxy.ts'
import { type Scene, scenes, shell, socketScenes, withScene } from '../scene.ts'
import { slowStart } from '../slow-start.ts'

const check = await scenes()
const checkBetween = await socketScenes()

/** What a killed command had just asked the engine for when it ended, and what the user types next. */
const MOMENTS: [string, string[]][] = [
  ['create:network/default', ['up', 'down']],
  ['create:container/web/1', ['up', 'down']],
  ['start:container/web/1', ['up', 'down', 'other']],
  ['create-next:container/web/1', ['up', 'down', 'back']],
  ['stop:container/web/1', ['up', 'down', 'back']],
  ['start-next:container/web/1', ['up', 'down', 'back', 'other']],
  ['remove:container/web/1', ['up', 'down', 'back']],
  ['rename:container/web/1', ['up', 'down', 'back']],
]

/** Stops after a while, so that the engine is still at it when the next command looks. */
const web = (REV: string) => ({
  ...shell('trap "sleep 0.6; exit 0" TERM; sleep 1000 & wait'),
  init: false,
  restart: 'always',
  environment: { REV },
})
const stackOf = (rev: string): StackData => ({ services: { web: web(rev) } })

for (const [step, repairs] of MOMENTS) {
  check(`killed as ${step} begins: ${repairs.join(', ')} put it right`, async (scene) => {
    const [engine, recreate] = [scene.engine, !step.startsWith('create:') && !step.startsWith('start:')]
    await Promise.all(repairs.map((repair) => withScene(engine, (own) => killAtStep(own, step, recreate, repair))))
  })
}

async function killAtStep(scene: Scene, step: string, recreate: boolean, repair: string): Promise<void> {
  if (recreate) {
    await scene.stack(stackOf('1'))
    succeeded(await scene.run('up', '-d'))
  }
  await scene.stack(stackOf('2'))
  const running = scene.launch('--progress', 'json', 'up', '-d')
  await running.until(({ stderr }) => stderr.includes(`"step-start","step":"${step}"`))
  running.kill('SIGKILL')
  await running.done
  const wanted = stackOf({ up: '2', down: '2', back: '1', other: '3' }[repair] ?? '2')
  await scene.stack(wanted)
  const repaired = await scene.run(...(repair === 'down' ? ['down'] : ['up', '-d']))
  assert.is(repaired.code, 0, `${repair}: ${repaired.stderr}`)
  await settled(scene, repair === 'down' ? undefined : wanted, `${repair}: ${repaired.stderr}`)
}

async function settled({ engine, project }: Scene, wanted: StackData | undefined, story: string): Promise<void> {
  for (const wait of [0, AFTERMATH]) {
    await new Promise((resolve) => setTimeout(resolve, wait))
    const world = await worldOf(engine, project)
    assert.equal(wanted ? deviations(world, project, wanted) : leftovers(world), [], `after ${wait} ms; ${story}`)
  }
}

check('a down that is killed while a container is being stopped', async ({ engine }) => {
  await Promise.all(
    ['up', 'down'].map((repair) =>
      withScene(engine, async (scene) => {
        const stubborn = { ...web('1'), ...shell('trap "sleep 3; exit 0" TERM; sleep 1000 & wait'), init: false }
        const wanted: StackData = { services: { web: stubborn } }
        await scene.stack(wanted)
        succeeded(await scene.run('up', '-d'))
        const signalled = await firstSignal(engine, scene.project)
        const running = scene.launch('--progress', 'json', 'down')
        await signalled()
        running.kill('SIGKILL')
        await running.done
        const repaired = await scene.run(...(repair === 'down' ? ['down'] : ['up', '-d']))
        assert.is(repaired.code, 0, `${repair}: ${repaired.stderr}`)
        await settled(scene, repair === 'down' ? undefined : wanted, `${repair}: ${repaired.stderr}`)
      }),
    ),
  )
})

for (const recreate of [false, true]) {
  const what = recreate ? 'the start of a replacement' : 'a start'
  checkBetween(`the engine is still at ${what} that a killed up asked for`, async ({ engine }) => {
    const repairs = recreate ? ['up', 'down', 'back', 'other'] : ['up', 'down', 'other']
    await Promise.all(repairs.map((repair) => withScene(engine, (scene) => killDuringStart(scene, recreate, repair))))
  })
}

/** The start takes as long as we want it to: certainly until the next command has looked. */
async function killDuringStart(scene: Scene, recreate: boolean, repair: string): Promise<void> {
  const start = await slowStart()
  try {
    if (recreate) {
      await scene.stack(stackOf('1'))
      succeeded(await scene.run('up', '-d'))
    }
    await scene.stack({ services: { web: { ...web('2'), logging: start.logging } } })
    const running = scene.launch('up', '-d')
    await start.begun
    running.kill('SIGKILL')
    await running.done
    const wanted = stackOf({ back: '1', other: '3' }[repair] ?? '2')
    if (repair === 'back' || repair === 'other') await scene.stack(wanted)
    const repairing = await launchUntilItHasLooked(scene, repair === 'down' ? ['down'] : ['up', '-d'])
    start.release()
    const repaired = await repairing.done
    assert.is(repaired.code, 0, `${repair}: ${repaired.stderr}`)
    await settled(scene, repair === 'down' ? undefined : wanted, `${repair}: ${repaired.stderr}`)
  } finally {
    start.close()
  }
}

/** It has looked once it asks for a single container, whose id only a list holds. */
async function launchUntilItHasLooked(scene: Scene, args: string[]): Promise<Pick<Running, 'done'>> {
  let look = () => {}
  const looked = new Promise<void>((resolve) => {
    look = resolve
  })
  const proxy = await startProxy(scene.socket ?? '', ({ path }) => {
    if (path.startsWith('/containers/') && !path.startsWith('/containers/json')) look()
    return PASS
  })
  scene.env.DOCKER_HOST = proxy.host
  const running = scene.launch(...args)
  delete scene.env.DOCKER_HOST
  await looked
  return { done: running.done.finally(() => proxy.close()) }
}

test.run()
