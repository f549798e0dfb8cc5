import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import type { EngineEvent } from '../../../src/docker/port.ts'
import { ensureBuilt, type Running, succeeded } from '../../support/cli.ts'
import { compose, composePlugin } from '../compose.ts'
import { noOwnEngine, withOwnEngine } from '../own-engine.ts'
import { startProxy } from '../proxy.ts'
import { type Scene, STAYS, scenes, shell, socketScenes, withScene } from '../scene.ts'

const check = await scenes()
const checkSocket = await socketScenes()
const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped in part: ${plugin.skip}`)

/** Within which a container has to be on its way back, on a machine that has time for it. */
const PROMISE_MS = 1_000

/** Beside that, what the engine itself takes for as much just now: other tests may keep it busy. */
async function allowance({ engine, project, container }: Scene): Promise<number> {
  const { image, spec } = await container('other-1')
  const began = performance.now()
  const { id } = await engine.createContainer(`${project}-compared`, { ...spec, Image: image, Labels: {} })
  await engine.startContainer(id)
  await engine.removeContainer(id, { force: true, volumes: true })
  return PROMISE_MS + 3 * (performance.now() - began)
}

const STACK = {
  services: {
    web: shell('trap "exit 3" USR1; while :; do sleep 0.05; done'),
    other: STAYS,
    tested: { ...STAYS, healthcheck: { test: ['CMD', 'test', '!', '-e', '/ill'], interval: '200ms', retries: 1 } },
  },
}

async function guarded(scene: Scene, body: (guard: Running) => Promise<void>): Promise<void> {
  await scene.stack(STACK)
  succeeded(await scene.run('up', '-d', '--wait'))
  const guard = scene.launch('guard')
  try {
    await guard.until(({ stderr }) => stderr.includes('guarding'))
    await body(guard)
  } catch (thrown) {
    throw new Error(`${thrown instanceof Error ? thrown.message : thrown}; the guard said:\n${guard.ran.stderr}`)
  } finally {
    guard.kill('SIGINT')
    await guard.done
  }
}

/** Events of the project from now on, with the milliseconds between the first that satisfies one condition and the next the other. */
async function reaction(
  scene: Scene,
  act: () => Promise<unknown>,
  isCause: (event: EngineEvent) => boolean,
  isAnswer: (event: EngineEvent) => boolean,
): Promise<number> {
  const signal = AbortSignal.timeout(20_000)
  const events = await scene.engine.events(
    { types: ['container'], labels: [`${COMPOSE.project}=${scene.project}`] },
    signal,
  )
  const acting = act()
  let cause: bigint | undefined
  for await (const event of events) {
    if (cause === undefined && isCause(event)) cause = event.timeNano
    else if (cause !== undefined && isAnswer(event)) {
      await acting
      return Number((event.timeNano - cause) / 1_000_000n)
    }
  }
  throw new Error('the events ended')
}

const of = (service: string, action: string) => (event: EngineEvent) =>
  event.action === action && event.attributes[COMPOSE.service] === service

check('a crash, a removal and a failing health test are met within a second', (scene) =>
  guarded(scene, async () => {
    const { engine } = scene
    const allowed = await allowance(scene)
    const { id } = await scene.container('web-1')
    const afterCrash = await reaction(
      scene,
      () => engine.exec(id, { cmd: ['kill', '-USR1', '1'] }, AbortSignal.timeout(10_000)),
      of('web', 'die'),
      of('web', 'start'),
    )
    assert.ok(afterCrash < allowed, `${afterCrash} ms after a crash`)
    assert.is((await scene.container('web-1')).id, id)
    const other = await scene.container('other-1')
    const afterRemoval = await reaction(
      scene,
      () => engine.removeContainer(other.id, { force: true, volumes: false }),
      of('other', 'destroy'),
      of('other', 'create'),
    )
    assert.ok(afterRemoval < allowed, `${afterRemoval} ms after a removal`)
    const tested = await scene.container('tested-1')
    const afterIllness = await reaction(
      scene,
      () => engine.exec(tested.id, { cmd: ['touch', '/ill'] }, AbortSignal.timeout(10_000)),
      of('tested', 'health_status: unhealthy'),
      of('tested', 'kill'),
    )
    assert.ok(afterIllness < allowed, `${afterIllness} ms after it became unhealthy`)
  }),
)

check('a container in the network of another has it again after the other restarts', async (scene) => {
  const vpn = { ...shell('trap "exit 3" USR1; while :; do sleep 0.05; done'), restart: 'always' }
  const guest = { ...STAYS, network_mode: 'service:vpn', init: false }
  await scene.stack({ services: { vpn, guest } })
  succeeded(await scene.run('up', '-d'))
  assert.ok(await hasNetwork(scene))
  const guard = scene.launch('guard')
  try {
    await guard.until(({ stderr }) => stderr.includes('guarding'))
    const { id } = await scene.container('vpn-1')
    const ways = [
      () => scene.engine.exec(id, { cmd: ['kill', '-USR1', '1'] }, AbortSignal.timeout(10_000)),
      () => scene.engine.stopContainer(id, { grace: 0 }).then(() => scene.engine.startContainer(id)),
    ]
    for (const way of ways) {
      await reaction(scene, way, of('vpn', 'start'), of('guest', 'rename'))
      assert.ok(await hasNetwork(scene), guard.ran.stderr)
    }
    assert.is((await scene.container('vpn-1')).id, id)
  } finally {
    guard.kill('SIGINT')
    await guard.done
  }
})

/** The guest's network is that of the container that it lives in. */
async function hasNetwork(scene: Scene): Promise<boolean> {
  const [own, host] = await Promise.all(
    ['guest-1', 'vpn-1'].map((name) => scene.inside(name, 'readlink', '/proc/self/ns/net')),
  )
  return own !== '' && own === host
}

check('containers that others stopped stay stopped, also for the next guard', async (scene) => {
  await guarded(scene, async (guard) => {
    await scene.engine.stopContainer((await scene.container('web-1')).id, { grace: 1 })
    await guard.until(({ stderr }) => stderr.includes('web-1 was stopped on purpose'))
    if (!('skip' in plugin))
      await compose(plugin.words, ['-p', scene.project, 'stop', '-t', '1', 'other'], { cwd: scene.folder })
    else await scene.engine.killContainer((await scene.container('other-1')).id, 'KILL')
    await guard.until(({ stderr }) => stderr.includes('other-1 was stopped on purpose'))
    await metSomethingElse(scene)
    assert.equal(await runningIn(scene), ['tested-1'])
  })
  const guard = scene.launch('guard')
  await guard.until(({ stderr }) => stderr.includes('guarding'))
  await metSomethingElse(scene)
  assert.equal(await runningIn(scene), ['tested-1'])
  guard.kill('SIGINT')
  assert.is((await guard.done).code, 0)
})

/** A guard that has brought this back has seen all that was before. */
async function metSomethingElse(scene: Scene): Promise<void> {
  const { id } = await scene.container('tested-1')
  const removed = () => scene.engine.removeContainer(id, { force: true, volumes: false })
  await reaction(scene, removed, of('tested', 'destroy'), of('tested', 'start'))
}

async function runningIn(scene: Scene): Promise<string[]> {
  const all = Object.entries(await scene.containers())
  return all.flatMap(([name, { running }]) => (running ? [name] : [])).sort()
}

checkSocket('a connection that ends is made again, and what happened meanwhile is met', async (scene) => {
  const proxy = await startProxy(scene.socket ?? '')
  const port = Number(new URL(proxy.host).port)
  scene.env.DOCKER_HOST = proxy.host
  let second: Awaited<ReturnType<typeof startProxy>> | undefined
  try {
    await guarded(scene, async (guard) => {
      await proxy.close()
      await guard.until(({ stderr }) => stderr.includes('the engine does not answer'))
      await scene.engine.removeContainer((await scene.container('other-1')).id, { force: true, volumes: false })
      second = await startProxy(scene.socket ?? '', undefined, port)
      await guard.until(({ stderr }) => /other-1 .*; recreating it/.test(stderr))
      await guard.until(({ stderr }) => stderr.includes('the engine answers again'))
      // While nothing happens, nothing is asked.
      await metSomethingElse(scene)
    })
  } finally {
    await second?.close()
  }
})

check('a guard in the background: its files, its state, its end', async (scene) => {
  await scene.stack(STACK)
  succeeded(await scene.run('up', '-d', '--wait'))
  const { stdout } = succeeded(await scene.run('guard', '--detach'))
  const [, pid = ''] = /by process (\d+)/.exec(stdout) ?? []
  const [, pidFile = ''] = /pid file: (.+)/.exec(stdout) ?? []
  const [, log = ''] = /log: (.+)/.exec(stdout) ?? []
  try {
    assert.is(readFileSync(pidFile, 'utf8').trim(), pid)
    const second = await scene.run('guard', '--detach')
    assert.is(second.code, 1)
    assert.match(second.stderr, `guarded already, by process ${pid}`)
    await metSomethingElse(scene)
  } finally {
    const ended = await scene.run('guard', '--stop')
    assert.match(ended.stdout, 'is no longer guarded')
  }
  assert.match(readFileSync(log, 'utf8'), /tested-1 .*; recreating it/)
  assert.is((await scene.run('guard', '--status')).code, 1)
})

check('systemd understands the unit', async (scene) => {
  await scene.stack(STACK)
  const { stdout } = succeeded(await scene.run('guard', '--print-unit'))
  assert.match(stdout, `--project-name ${scene.project}`)
  const file = join(scene.folder, 'guard-test.service')
  writeFileSync(file, stdout)
  if (!isInstalled('systemd-analyze')) return console.log('skipped in part: systemd-analyze is not installed')
  const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', file])
  assert.not.match(stderr, 'guard-test.service')
})

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`])
    return true
  } catch {
    return false
  }
}

const why = noOwnEngine()
if (why) console.log(`skipped in part: ${why}`)
else ensureBuilt()
;(why ? test.skip : test)('after a restart of the engine everything that ran runs again, and nothing else', () =>
  withOwnEngine('64m', (own) =>
    withScene(own.engine, async (scene) => {
      scene.env.DOCKER_HOST = own.host
      await guarded(scene, async (guard) => {
        succeeded(await scene.run('stop', 'web'))
        await own.restart()
        await guard.until(({ stderr }) => /tested-1 .*; restarting it/.test(stderr))
        await metSomethingElse(scene)
        assert.equal(await runningIn(scene), ['other-1', 'tested-1'])
      })
    }),
  ),
)

test.run()
