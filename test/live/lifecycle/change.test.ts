import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { FieldChange } from '../../../src/plan/step.ts'
import { freePorts, type Ran, succeeded } from '../../support/cli.ts'
import { DECLARING_IMAGE, ensureDeclaringImage, SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { nothingToChange, type Scene, STAYS, scenes } from '../scene.ts'

const check = await scenes()

type Json = Record<string, unknown>
interface StackFile extends Json {
  services: Record<string, Json>
}

/** What a plan says of containers that are recreated: the address of each, and the paths that changed. */
function recreates(ran: Ran): Record<string, string[]> {
  const { steps } = JSON.parse(ran.stdout) as { steps: { subject: string; verb: string; changes?: FieldChange[] }[] }
  return Object.fromEntries(
    steps.flatMap(({ subject, verb, changes }) =>
      verb === 'create' && changes ? [[subject, changes.map(({ path }) => path)]] : [],
    ),
  )
}

/** Ids by name of everything that runs. */
async function idsOf({ containers }: Scene): Promise<Record<string, string>> {
  const all = Object.entries(await containers())
  for (const [name, { state }] of all) assert.is(state, 'running', name)
  return Object.fromEntries(all.map(([name, { id }]) => [name, id]))
}

/** Names that stand for another container than before, that are new, or that are gone. */
function moved(before: Record<string, string>, after: Record<string, string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => before[name] !== after[name]).sort()
}

interface Change {
  what: string
  /** Changes the stack file as it is after the changes before. */
  edit(stack: StackFile, project: string, port: number): void
  /** Containers that are other ones afterwards. */
  moved: string[]
  /** What the plan names of web-1, as the beginning of a path; absent where nothing about it changes. */
  path?: string
}

const web = (stack: StackFile): Json => stack.services.web ?? {}

const CHANGES: Change[] = [
  {
    what: 'the environment',
    edit: (stack) => Object.assign(web(stack), { environment: { REV: '2', KEEP: 'same' } }),
    moved: ['web-1'],
    path: 'environment.REV',
  },
  {
    what: 'the command',
    edit: (stack) => Object.assign(web(stack), { command: ['sleep', '2000'] }),
    moved: ['web-1'],
    path: 'command',
  },
  {
    what: 'a label',
    edit: (stack) => Object.assign(web(stack), { labels: { team: 'red' } }),
    moved: ['web-1'],
    path: 'labels.team',
  },
  {
    what: 'a port',
    edit: (stack, _project, port) => Object.assign(web(stack), { ports: [`127.0.0.1:${port}:80`] }),
    moved: ['web-1'],
    path: 'ports',
  },
  {
    what: 'a volume',
    edit: (stack) => Object.assign(web(stack), { volumes: ['data:/data', 'more:/more'] }),
    moved: ['web-1'],
    path: 'volumes',
  },
  {
    what: 'an alias',
    edit: (stack) => Object.assign(web(stack), { networks: { default: { aliases: ['www', 'shop'] } } }),
    moved: ['web-1'],
    path: 'networks.default.aliases',
  },
  {
    what: 'a further network',
    edit: (stack) => Object.assign(web(stack), { networks: { default: { aliases: ['www', 'shop'] }, back: null } }),
    moved: ['web-1'],
    path: 'networks.back',
  },
  {
    what: 'a network less',
    edit: (stack) => Object.assign(web(stack), { networks: { default: { aliases: ['www', 'shop'] } } }),
    moved: ['web-1'],
    path: 'networks.back',
  },
  {
    what: 'the restart policy',
    edit: (stack) => Object.assign(web(stack), { restart: 'always' }),
    moved: ['web-1'],
    path: 'restart',
  },
  { what: 'one replica more', edit: (stack) => Object.assign(stack.services.db ?? {}, { scale: 2 }), moved: ['db-2'] },
  { what: 'one replica less', edit: (stack) => Object.assign(stack.services.db ?? {}, { scale: 1 }), moved: ['db-2'] },
  {
    what: "the container's name",
    edit: (stack, project) => Object.assign(web(stack), { container_name: `${project}-other` }),
    moved: ['other', 'web-1'],
    path: 'container_name',
  },
  {
    what: "the container's name back",
    edit: (stack) => delete web(stack).container_name,
    moved: ['other', 'web-1'],
    path: 'container_name',
  },
  {
    what: 'when it stops and what it waits for: nothing is recreated',
    edit: (stack) => Object.assign(web(stack), { depends_on: ['db'], stop_grace_period: '2s', 'x-note': 1 }),
    moved: [],
  },
  {
    what: 'a service more',
    edit: (stack) => Object.assign(stack.services, { third: STAYS }),
    moved: ['third-1'],
  },
]

check('changes one at a time: what changed is recreated, and only that', async (scene) => {
  const { stack, run, project, engine } = scene
  const [port = 0] = await freePorts(1)
  const declared: StackFile = {
    services: {
      web: {
        ...STAYS,
        environment: { REV: '1', KEEP: 'same' },
        labels: { team: 'blue' },
        volumes: ['data:/data'],
        networks: { default: { aliases: ['www'] } },
      },
      db: { ...STAYS },
    },
    networks: { default: null, back: null },
    volumes: { data: null, more: null },
  }
  await stack(declared)
  succeeded(await run('up', '-d'))
  await scene.inside('web-1', 'sh', '-c', 'echo kept > /data/file')
  for (const change of CHANGES) {
    const before = await idsOf(scene)
    change.edit(declared, project, port)
    await stack(declared)
    const planned = await run('plan', '--format', 'json')
    assert.is(planned.code, change.moved.length > 0 ? 2 : 0, change.what)
    const changes = recreates(planned)
    assert.equal(Object.keys(changes), change.path ? ['container/web/1'] : [], change.what)
    if (change.path)
      assert.ok(
        changes['container/web/1']?.some((path) => path.startsWith(change.path ?? '')),
        change.what,
      )
    succeeded(await run('up', '-d'))
    assert.equal(moved(before, await idsOf(scene)), change.moved, change.what)
    await nothingToChange(run, `a plan after: ${change.what}`)
  }
  assert.is(await scene.inside('web-1', 'cat', '/data/file'), 'kept')
  assert.equal((await engine.listVolumes({ labels: [`com.docker.compose.project=${project}`] })).length, 2)
})

check('a tag that names another image recreates what runs the old one', async (scene) => {
  const { stack, write, run, engine, container, project } = scene
  const tag = `${project}:moving`
  const build = async (text: string) => {
    await write('Dockerfile', `FROM ${SCRATCH_IMAGE}\nENV TEXT=${text}\n`)
    const spec = { context: scene.folder, dockerfile: 'Dockerfile', tags: [tag], args: {}, labels: {}, cacheFrom: [] }
    await engine.buildImage(
      { ...spec, extraHosts: [], noCache: false, pull: false },
      { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, onOutput: () => undefined },
    )
  }
  try {
    await build('one')
    const { imageId: first = '' } = { imageId: (await engine.inspectImage(tag))?.id }
    await stack({ services: { web: { ...STAYS, image: tag }, other: STAYS } })
    succeeded(await run('up', '-d'))
    const before = await idsOf(scene)
    await build('two')
    assert.is((await run('plan')).code, 2)
    succeeded(await run('up', '-d'))
    assert.equal(moved(before, await idsOf(scene)), ['web-1'])
    assert.is((await container('web-1')).imageId, (await engine.inspectImage(tag))?.id)
    await nothingToChange(run)
    await engine.removeContainer((await container('web-1')).id, { force: true, volumes: true })
    await engine.removeImage(first)
  } finally {
    await scene.run('down')
    await engine.removeImage(tag)
  }
})

check('the content of secrets and configs counts, wherever it comes from', async (scene) => {
  const { stack, write, run, inside, env } = scene
  const declare = (content: string) =>
    stack({
      services: {
        file: { ...STAYS, secrets: ['file'] },
        variable: { ...STAYS, secrets: ['variable'] },
        inline: { ...STAYS, configs: ['inline'] },
        none: STAYS,
      },
      secrets: { file: { file: './secret.txt' }, variable: { environment: 'A_SECRET' } },
      configs: { inline: { content } },
    })
  await write('secret.txt', 'file one')
  env.A_SECRET = 'variable one'
  await declare('inline one')
  succeeded(await run('up', '-d'))
  const expect = async (names: string[], before: Record<string, string>, path: RegExp) => {
    const planned = await run('plan', '--format', 'json')
    const paths = Object.values(recreates(planned)).flat()
    assert.is(paths.length, 1)
    assert.match(paths[0] ?? '', path)
    succeeded(await run('up', '-d'))
    assert.equal(moved(before, await idsOf(scene)), names)
    await nothingToChange(run)
  }
  let before = await idsOf(scene)
  await write('secret.txt', 'file two')
  await expect(['file-1'], before, /^secrets\..*file$/)
  assert.is(await inside('file-1', 'cat', '/run/secrets/file'), 'file two')
  before = await idsOf(scene)
  env.A_SECRET = 'variable two'
  await expect(['variable-1'], before, /^secrets\..*variable$/)
  assert.is(await inside('variable-1', 'cat', '/run/secrets/variable'), 'variable two')
  before = await idsOf(scene)
  await declare('inline two')
  await expect(['inline-1'], before, /^configs\..*inline$/)
  assert.is(await inside('inline-1', 'cat', '/inline'), 'inline two')
})

check('anonymous volumes are carried over, unless -V; down -v removes those that were', async (scene) => {
  const { stack, run, inside, container, engine } = scene
  await ensureDeclaringImage(engine)
  const declare = (REV: string) =>
    stack({ services: { app: { ...STAYS, image: DECLARING_IMAGE, volumes: ['/own'], environment: { REV } } } })
  const names = async () => (await container('app-1')).mounts.map(({ target, name }) => `${target} ${name}`).sort()
  await declare('1')
  succeeded(await run('up', '-d'))
  const first = await names()
  await inside('app-1', 'sh', '-c', 'echo image > /data/file; echo own > /own/file')
  for (const rev of ['2', '3']) {
    await declare(rev)
    succeeded(await run('up', '-d'))
    assert.equal(await names(), first)
    assert.is(await inside('app-1', 'cat', '/data/file', '/own/file'), 'image\nown')
  }
  await declare('4')
  succeeded(await run('up', '-d', '-V'))
  const fresh = await names()
  assert.is(fresh.length, 2)
  assert.not.ok(fresh.some((each) => first.includes(each)))
  await declare('5')
  succeeded(await run('up', '-d'))
  assert.equal(await names(), fresh)
  succeeded(await run('down', '-v'))
  for (const each of fresh) assert.is(await engine.inspectVolume(each.split(' ')[1] ?? ''), undefined)
  for (const each of first) await engine.removeVolume(each.split(' ')[1] ?? '').catch(() => undefined)
})

check('--force-recreate recreates all, --no-recreate nothing', async (scene) => {
  const { stack, run } = scene
  await stack({ services: { a: STAYS, b: STAYS } })
  succeeded(await run('up', '-d'))
  const before = await idsOf(scene)
  await stack({ services: { a: { ...STAYS, environment: { REV: '2' } }, b: STAYS } })
  succeeded(await run('up', '-d', '--no-recreate'))
  assert.equal(moved(before, await idsOf(scene)), [])
  succeeded(await run('up', '-d', '--force-recreate', 'b'))
  assert.equal(moved(before, await idsOf(scene)), ['b-1'])
  succeeded(await run('up', '-d', '--force-recreate'))
  assert.equal(moved(before, await idsOf(scene)), ['a-1', 'b-1'])
})

check('containers that were stopped, removed, renamed or disconnected by hand are repaired', async (scene) => {
  const { stack, run, engine, container, project } = scene
  const wanted = {
    services: { a: STAYS, b: STAYS, c: STAYS, d: { ...STAYS, networks: ['default', 'back'] } },
    networks: { back: null },
  }
  await stack(wanted)
  succeeded(await run('up', '-d'))
  const before = await idsOf(scene)
  await engine.stopContainer((await container('a-1')).id, { grace: 1 })
  await engine.removeContainer((await container('b-1')).id, { force: true, volumes: true })
  await engine.renameContainer((await container('c-1')).id, `${project}-odd`)
  const [back] = await engine.listNetworks({ names: [`${project}_back`] })
  await engine.disconnectNetwork(back?.id ?? '', (await container('d-1')).id, { force: false })
  succeeded(await run('up', '-d'))
  const after = await idsOf(scene)
  assert.equal(moved(before, after), ['b-1'])
  const { networks } = await container('d-1')
  assert.equal(Object.keys(networks).sort(), [`${project}_back`, `${project}_default`])
  await nothingToChange(run)
})

test.run()
