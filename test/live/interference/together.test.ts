import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { deviations, type StackData, worldOf } from '../declared.ts'
import { nothingToChange, type Scene, STAYS, scenes, shell } from '../scene.ts'

const check = await scenes()

const stackOf = (rev: string): StackData => ({
  services: {
    db: { ...STAYS, environment: { REV: rev }, volumes: ['data:/data'] },
    web: { ...STAYS, environment: { REV: rev }, scale: 2, depends_on: { db: { condition: 'service_started' } } },
  },
  volumes: { data: null },
})

async function assertDeclared({ engine, project }: Scene, stack: StackData): Promise<void> {
  assert.equal(deviations(await worldOf(engine, project), project, stack), [])
}

check('two ups of one project at once: both end well, and nothing is there twice', async (scene) => {
  await scene.stack(stackOf('1'))
  for (const rev of ['1', '2']) {
    await scene.stack(stackOf(rev))
    for (const ran of await Promise.all([scene.run('up', '-d'), scene.run('up', '-d')])) succeeded(ran)
    await assertDeclared(scene, stackOf(rev))
  }
  await nothingToChange(scene.run)
})

check('an up and a down at once: the state is that of the one or the other', async (scene) => {
  await scene.stack(stackOf('1'))
  succeeded(await scene.run('up', '-d'))
  await scene.stack(stackOf('2'))
  await Promise.all([scene.run('up', '-d'), scene.run('down')])
  succeeded(await scene.run('up', '-d'))
  await assertDeclared(scene, stackOf('2'))
})

check(
  'a container that is removed by hand while it is waited for fails the wait; the next up makes it again',
  async (scene) => {
    const { stack, run, launch, container, engine } = scene
    await stack({
      services: {
        db: { ...STAYS, healthcheck: { test: ['CMD', 'test', '-f', '/ready'], interval: '200ms', retries: 1000 } },
        web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
      },
    })
    const running = launch('--progress', 'json', 'up', '-d')
    await running.until(({ stderr }) => stderr.includes('"step-start","step":"wait:container/db/1'))
    await engine.removeContainer((await container('db-1')).id, { force: true, volumes: true })
    const { code, stderr } = await running.done
    assert.is(code, 1)
    assert.ok(stderr.includes('"code":"container-exited"'))
    await stack({ services: { db: STAYS, web: { ...STAYS, depends_on: ['db'] } } })
    succeeded(await run('up', '-d'))
    assert.is((await container('web-1')).state, 'running')
  },
)

for (const [what, meddle] of Object.entries({
  removed: (engine: Scene['engine'], id: string) => engine.removeContainer(id, { force: true, volumes: true }),
  stopped: (engine: Scene['engine'], id: string) => engine.stopContainer(id, { grace: 5 }),
}))
  check(
    `a container that is ${what} by hand after its start, while others are awaited, runs in the end`,
    async (scene) => {
      const { stack, launch, container, containers, engine, inside } = scene
      await stack({
        services: {
          db: { ...STAYS, healthcheck: { test: ['CMD', 'test', '-f', '/ready'], interval: '200ms', retries: 1000 } },
          web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
          side: STAYS,
          job: shell('exit 0'),
        },
      })
      const running = launch('--progress', 'json', 'up', '-d')
      await running.until(({ stderr }) => stderr.includes('"step-done","step":"start:container/side/1'))
      await meddle(engine, (await container('side-1')).id)
      await inside('db-1', 'touch', '/ready')
      succeeded(await running.done)
      const states = Object.entries(await containers()).map(([name, { state }]) => `${name} ${state}`)
      assert.equal(states.sort(), ['db-1 running', 'job-1 exited', 'side-1 running', 'web-1 running'])
    },
  )

check('a container that is stopped by hand while it is waited for', async (scene) => {
  const { stack, launch, container, engine } = scene
  await stack({
    services: {
      db: {
        ...shell('trap "exit 5" TERM; sleep 1000 & wait'),
        init: false,
        healthcheck: { test: ['CMD', 'false'], interval: '200ms', retries: 1000 },
      },
      web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
    },
  })
  const running = launch('--progress', 'json', 'up', '-d')
  await running.until(({ stderr }) => stderr.includes('"step-start","step":"wait:container/db/1'))
  await engine.stopContainer((await container('db-1')).id, { grace: 5 })
  const { code, stderr } = await running.done
  assert.is(code, 1)
  assert.ok(stderr.includes('"exit":{"code":5'), stderr)
})

test.run()
