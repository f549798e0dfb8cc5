import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { openBackend, openReader } from '../../src/backend/registry.ts'
import { type Notice, type OpenProject, type OpenProjectOptions, openProject, StackError } from '../../src/index.ts'
import { acquire } from '../../src/project/lock/lock.ts'
import { desiredStateFile } from '../../src/project/state/desired-state-file.ts'
import { wallTime } from '../support/memory/world.ts'
import { type MemoryEngine, memoryEngine } from '../support/memory-engine.ts'
import { quickFolder } from '../support/quick-folder.ts'

const STACK = `name: lab
services:
  db:
    image: app:1
    environment: { DB_PASSWORD: hunter2hunter2 }
  web:
    image: app:1
    ports: ['127.0.0.1:8080:80']
`

interface Scene {
  directory: string
  state: string
  engine: MemoryEngine
  /** The names of locks on this machine begin with it. */
  key: string
  runtime: NonNullable<OpenProjectOptions['runtime']>
  open(more?: Partial<OpenProjectOptions>): OpenProject
}

const test = suite<{ scene: Scene }>('a project as a library has it')

test.before.each((context) => {
  const directory = quickFolder('flotilla-library-')
  writeFileSync(join(directory, 'compose.yaml'), STACK)
  const engine = memoryEngine({ images: { 'app:1': { cmd: ['run'], log: [{ after: 10, text: 'hello' }] } } })
  const key = randomBytes(8).toString('hex')
  const state = join(directory, 'state')
  const runtime: Scene['runtime'] = {
    wallTime: () => wallTime(engine.clock.now()),
    openBackend: (options) => openBackend({ backend: 'engine', engine }, options),
    openReader: () => openReader({ backend: 'engine', engine }),
    targetKey: async () => key,
    lock: (name, command, options) =>
      acquire(`${key}\0${name}`, { platform: process.platform, holder: { pid: process.pid, command }, ...options }),
    stateFolder: state,
  }
  const open = (more: Partial<OpenProjectOptions> = {}) =>
    openProject({ directory, environment: {}, runtime, clock: engine.clock, ...more })
  context.scene = { directory, state, engine, key, runtime, open }
})

test.after.each(({ scene }) => rmSync(scene.directory, { recursive: true, force: true }))

function desiredState({ state }: Scene) {
  const [folder = ''] = readdirSync(join(state, 'guard'))
  return desiredStateFile(join(state, 'guard', folder, 'intent.json'), ({ message }) =>
    assert.unreachable(message),
  ).read()
}

test('two callers of up at once take turns, and the second finds everything done', async ({ scene }) => {
  const order: string[] = []
  const notices: Notice[] = []
  const { engine } = scene
  const { createNetwork } = engine
  let heard: (notice: Notice) => void = () => undefined
  // The first is not done before the second has to wait.
  const waiting = new Promise<void>((resolve) => {
    engine.createNetwork = async (spec) => {
      await waiting
      return createNetwork(spec)
    }
    heard = (notice) => {
      notices.push(notice)
      resolve()
    }
  })
  const caller = (name: string) =>
    scene.open({
      onEvent: ({ type }) => type !== 'step-progress' && order.push(name),
      onNotice: (notice) => heard(notice),
    })
  const [first, second] = await Promise.all([caller('a').up(), caller('b').up()])
  assert.ok(first.outcome.ok && second.outcome.ok)
  assert.equal(
    [...order].sort(),
    order[0] === 'a' ? order : [...order].reverse(),
    'no event of one between those of the other',
  )
  assert.equal([first, second].map(({ plan }) => plan.steps.length === 0).sort(), [false, true])
  assert.is(scene.engine.world.containers.size, 2)
  assert.equal(
    notices.map((notice) => notice.kind === 'waiting-for-command' && notice.holder),
    [{ pid: process.pid, command: 'up' }],
  )
})

test('followed logs hold each line once, and end with the last container', async ({ scene }) => {
  const project = scene.open()
  await project.up()
  const printed: string[] = []
  const arrivals: (() => void)[] = []
  const helloFrom = async (name: string, count: number) => {
    while (printed.filter((line) => line === `${name} hello`).length < count)
      await new Promise<void>((resolve) => arrivals.push(resolve))
  }
  const following = project.logs({
    follow: true,
    onLine: ({ service, number, text }) => {
      printed.push(`${service}-${number} ${text}`)
      for (const arrived of arrivals.splice(0)) arrived()
    },
    onExit: ({ service, number }) => printed.push(`${service}-${number} ended`),
  })
  await Promise.all([helloFrom('db-1', 1), helloFrom('web-1', 1)])
  await project.restart({ services: ['web'] })
  await helloFrom('web-1', 2)
  await project.stop()
  await following
  const lines = printed.filter((line) => line.endsWith(' hello'))
  assert.equal(lines.sort(), ['db-1 hello', 'web-1 hello', 'web-1 hello'])
  for (const name of ['db-1', 'web-1'])
    assert.is(printed.filter((line) => line.startsWith(name)).at(-1), `${name} ended`, printed.join(', '))
  const part: string[] = []
  await project.logs({ services: ['web'], tail: 1, onLine: ({ service }) => part.push(service) })
  assert.equal(part, ['web'])
})

test('endpoints are the addresses of published ports', async ({ scene }) => {
  const project = scene.open()
  await project.up()
  const found = await project.endpoints()
  assert.equal(
    found.map(({ container, host, inside }) => [container, host, inside]),
    [['web-1', 'http://127.0.0.1:8080', 'http://web:80']],
  )
  assert.equal(await project.endpoints({ services: ['db'] }), [])
})

test('the desired state that another process records meanwhile is kept', async ({ scene }) => {
  assert.ok((await scene.open().up()).outcome.ok)
  const [folder = ''] = readdirSync(join(scene.state, 'guard'))
  const words = [`${scene.key}\0lab`, join(scene.state, 'guard', folder), 'db'].map((word) => encodeURIComponent(word))
  const script = join(import.meta.dirname, 'holds-lock.ts')
  const other = spawn(process.execPath, ['--import', 'tsx', script, ...words], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  const notices: Notice[] = []
  const onNotice = (notice: Notice) => {
    notices.push(notice)
    other.stdin.end()
  }
  assert.ok((await scene.open({ onNotice }).up({ services: ['web'] })).outcome.ok)
  assert.equal(notices, [{ kind: 'waiting-for-command', holder: { pid: other.pid, command: 'stop' } }])
  assert.equal(desiredState(scene).services, { db: { all: 'stopped' }, web: { all: 'running' } })
})

test('the desired state is recorded for guards, and what a caller stops is no crash', async ({ scene }) => {
  await scene.open().up()
  assert.equal(desiredState(scene), { services: { db: { all: 'running' }, web: { all: 'running' } } })
  await scene.open().stop({ services: ['web'] })
  assert.equal(desiredState(scene), { services: { db: { all: 'running' }, web: { all: 'stopped' } } })
})

test('a guard brings back what crashes, one at a time, until it is ended', async ({ scene }) => {
  const project = scene.open()
  await project.up()
  const over = new AbortController()
  const messages: string[] = []
  let ready: () => void = () => undefined
  const isReady = new Promise<void>((resolve) => {
    ready = resolve
  })
  const guarding = project.guard({ signal: over.signal, onMessage: (text) => void messages.push(text), onReady: ready })
  await isReady
  const twice = await project.guard({ onMessage: () => undefined }).catch((thrown) => thrown)
  assert.instance(twice, StackError)
  const { removeContainer } = scene.engine.behindTheBack
  const [web] = (await project.containers()).filter(({ service }) => service === 'web')
  await removeContainer(web?.id ?? '', { force: true, volumes: false })
  while (scene.engine.world.containers.size < 2 || !messages.some((text) => /web-1/.test(text)))
    await scene.engine.clock.sleep(100)
  over.abort()
  await guarding
  assert.is((await project.containers({ all: false })).length, 2)
})

test('a saved plan is carried out once, and refused when the world has changed', async ({ scene }) => {
  const project = scene.open()
  const saved = JSON.parse(JSON.stringify(await project.save()))
  assert.not.match(JSON.stringify(saved), 'hunter2')
  assert.ok((await project.apply(saved)).outcome.ok)
  const again = await project.apply(saved).catch((thrown) => thrown)
  assert.instance(again, StackError)
  assert.is(again.diagnostics[0]?.code, 'moved')
})

test('events hold no secrets, and problems are thrown as data', async ({ scene }) => {
  const heard: unknown[] = []
  await scene.open({ onEvent: (event) => heard.push(event) }).up()
  writeFileSync(join(scene.directory, 'compose.yaml'), STACK.replace('hunter2hunter2', 'swordfish-swordfish'))
  await scene.open({ onEvent: (event) => heard.push(event) }).up()
  assert.not.match(JSON.stringify(heard), /hunter2|swordfish/)
  writeFileSync(join(scene.directory, 'compose.yaml'), STACK.replace('image: app:1', 'imagee: app:1'))
  const thrown = await scene
    .open()
    .up()
    .catch((error) => error)
  assert.instance(thrown, StackError)
  assert.is(thrown.diagnostics[0]?.at?.file, join(scene.directory, 'compose.yaml'))
})

test('an aborted signal ends a run, and what it wanted is taken back', async ({ scene }) => {
  const over = new AbortController()
  const project = scene.open({ onEvent: ({ type }) => type === 'step-start' && over.abort() })
  const ran = await project.up({}, { signal: over.signal })
  assert.not(ran.outcome.ok)
  assert.equal(readdirSync(join(scene.state, 'guard')).length, 1)
  assert.equal(desiredState(scene), { services: {} })
})

test('a stack from elsewhere uses variables only if the program agrees', async ({ scene }) => {
  writeFileSync(join(scene.directory, 'shared.yaml'), STACK.replace('hunter2hunter2', '"${PASSWORD:-none}"'))
  const fetchStack = async () => ({ file: join(scene.directory, 'shared.yaml'), folder: scene.directory })
  const asked: string[] = []
  const answering =
    (agree: boolean): NonNullable<OpenProjectOptions['mayUseVariables']> =>
    async (variables) => {
      asked.push(...variables.map(({ name, value, from, default: own }) => [name, value, from, own].join()))
      return agree
    }
  const open = (more: Partial<OpenProjectOptions> = {}) =>
    scene.open({
      files: ['oci://registry.example/lab'],
      environment: { PASSWORD: 'mine' },
      runtime: { ...scene.runtime, fetchStack },
      ...more,
    })
  for (const project of [open(), open({ mayUseVariables: answering(false) })]) {
    const thrown = await project.up().catch((error) => error)
    assert.equal(thrown instanceof StackError && thrown.diagnostics.map(({ code }) => code), ['remote-unconfirmed'])
  }
  assert.is(scene.engine.world.containers.size, 0)
  assert.is((await open({ mayUseVariables: answering(true) }).up()).outcome.ok, true)
  assert.equal(asked, Array(2).fill('PASSWORD,mine,environment,none'))
})

test.run()
