import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type BuildSpec, failedInside } from '../../src/docker/port.ts'
import type { ImageFixture } from '../support/memory/fixture.ts'
import { type Lab, type Ran, withLab } from './support.ts'

const REGISTRY: Record<string, ImageFixture> = {
  'db:1': { cmd: ['serve'] },
  'tools:1': { cmd: ['migrate'], exits: { after: 100, code: 0 } },
  'data:1': {},
}

const STACK = `
name: shop
services:
  db: { image: "db:1", pre_start: [{ image: "tools:1", command: ["migrate"] }], volumes: [{ type: image, source: "data:1", target: /data }] }
  web: { image: "reg.example:5000/web:1", build: { context: ., tags: ["reg.example:5000/web:2"] }, depends_on: [db] }
  job: { build: ., depends_on: [web] }
  absent: { image: "absent:1", profiles: [more] }
`

function inShop(name: string, body: (shop: Lab) => Promise<void>, file = STACK): void {
  test(name, async () => {
    await withLab(
      { 'stack.yaml': file, Dockerfile: 'FROM scratch\n' },
      { registry: REGISTRY, apiVersion: '1.48' },
      body,
    )
  })
}

function names({ engine }: Lab): string[] {
  return [...engine.world.images.keys()].sort()
}

async function must(shop: Lab, line: string, code = 0): Promise<Ran> {
  const ran = await shop.run(...line.split(' '))
  assert.is(ran.code, code, `${line}: ${ran.err}`)
  return ran
}

/** What is there after commands on an empty engine. */
const TABLE: [lines: [line: string, code?: number][], images: string[]][] = [
  [[['pull db']], ['data:1', 'db:1', 'tools:1']],
  [[['pull', 1]], ['data:1', 'db:1', 'tools:1']],
  [[['pull --ignore-pull-failures']], ['data:1', 'db:1', 'tools:1']],
  [[['pull --ignore-buildable']], ['data:1', 'db:1', 'tools:1']],
  [[['pull web', 1]], []],
  [[['pull --include-deps --ignore-buildable web']], ['data:1', 'db:1', 'tools:1']],
  [[['--profile more pull absent', 1]], []],
  [[['pull nobody', 1]], []],
  [[['--dry-run pull db']], []],
  [[['build web']], ['reg.example:5000/web:1', 'reg.example:5000/web:2']],
  [[['build db']], []],
  [[['build job']], ['shop-job:latest']],
  [[['build --with-dependencies job']], ['reg.example:5000/web:1', 'reg.example:5000/web:2', 'shop-job:latest']],
  [[['--dry-run build']], []],
  [[['build --check', 1]], []],
  [[['build --builder mine', 1]], []],
  [[['build --memory much', 1]], []],
  [[['push web', 1]], []],
  [[['push --ignore-push-failures web']], []],
  [[['push db']], []],
]

for (const [lines, images] of TABLE)
  inShop(lines.map(([line]) => line).join(', then '), async (shop) => {
    for (const [line, code] of lines) await must(shop, line, code)
    assert.equal(names(shop), images)
    assert.is(shop.engine.world.containers.size, 0)
  })

/** A dry run fails where the command would, and asks registries for that. */
for (const line of ['pull', '--profile more pull absent', 'push web', 'pull db', 'pull --ignore-pull-failures'])
  for (const progress of ['compose', 'compose-json'])
    inShop(`${line} and its dry run agree, with --progress ${progress}`, async (shop) => {
      const dry = await shop.run('--dry-run', '--progress', progress, ...line.split(' '))
      assert.equal(names(shop), [])
      const { code } = await shop.run(...line.split(' '))
      assert.is(dry.code, code, dry.err)
    })

inShop('what was built is pushed under all its names, and pulled from there', async (shop) => {
  await must(shop, 'build --push')
  const { registry, images } = shop.engine.world
  assert.equal(
    Object.keys(registry).filter((name) => name.startsWith('reg.example')),
    ['reg.example:5000/web:1', 'reg.example:5000/web:2'],
  )
  images.clear()
  await must(shop, 'pull web')
  assert.equal(names(shop), ['reg.example:5000/web:1'])
})

/** What a pull asks the engine for, where the image is there. */
for (const [policy, line, pulled] of [
  ['', 'pull', true],
  ['', 'pull --policy missing', false],
  ['pull_policy: missing', 'pull', false],
  ['pull_policy: missing', 'pull --policy always', true],
  ['pull_policy: never', 'pull', false],
  ['pull_policy: build', 'pull', false],
  ['pull_policy: always', 'pull', true],
  ['pull_policy: daily', 'pull', true],
] as const)
  inShop(
    `${line} with ${policy || 'no policy'}`,
    async (shop) => {
      shop.engine.putImage('db:1', { cmd: ['old'] })
      await must(shop, line)
      assert.is(shop.engine.calls.filter(({ method }) => method === 'pullImage').length, pulled ? 1 : 0)
    },
    `name: shop\nservices:\n  a: { image: "db:1", ${policy} }\n  b: { image: "db:1", ${policy} }\n`,
  )

inShop('a connection that is lost is made again; what is not there is asked for once', async (shop) => {
  let losses = 0
  shop.engine.hooks.before = ({ method, args }) => {
    if (method === 'pullImage' && args[0] === 'db:1' && losses++ < 2)
      throw failedInside('read: connection reset by peer')
    return undefined
  }
  await must(shop, 'pull db')
  assert.is(losses, 3)
  delete shop.engine.hooks.before
  await must(shop, 'pull web', 1)
  assert.is(shop.engine.calls.filter(({ args }) => args[0] === 'reg.example:5000/web:1').length, 1)
})

inShop(
  'flags of a build win over the stack, and a bare name takes a variable',
  async (shop) => {
    shop.write({ '.env': 'FROM_FILE=7\n' })
    const flags = ['--build-arg', 'A=2', '--build-arg', 'FROM_FILE', '--build-arg', 'UNSET', '--no-cache', '--pull']
    const { code } = await shop.run('build', ...flags, 'web', '--ssh', 'default', '-m', '64m')
    assert.is(code, 0)
    const spec = shop.engine.calls.find(({ method }) => method === 'buildImage')?.args[0] as BuildSpec
    const { args, noCache, pull, memory, ssh } = spec
    assert.equal(
      { args, noCache, pull, memory, ssh },
      {
        args: { A: '2', B: '1', FROM_FILE: '7' },
        noCache: true,
        pull: true,
        memory: 64 << 20,
        ssh: [{ id: 'default', paths: [] }],
      },
    )
  },
  'name: shop\nservices: { web: { build: { context: ., args: { A: "1", B: "1" } } } }\n',
)

const ASIDE = ['data:1', 'other:1', 'reg.example:5000/web:2', 'tools:1']

/** What stays of images beside the containers'; of a built one the first name goes, as with docker compose. */
for (const [flags, left] of [
  ['--rmi local', ['db:1']],
  ['--rmi all', []],
  ['--rmi all web', ['db:1', 'shop-job:latest']],
  ['-t 1', ['db:1', 'reg.example:5000/web:1', 'shop-job:latest']],
] as const)
  inShop(`down ${flags}`, async (shop) => {
    await must(shop, 'up -d')
    shop.engine.putImage('other:1', {})
    await must(shop, `down ${flags}`)
    assert.equal(names(shop), [...ASIDE, ...left].sort())
  })

inShop('an image that others use is kept, with a warning', async (shop) => {
  await must(shop, 'up -d db')
  const { engine } = shop
  await engine.behindTheBack.createContainer('stranger', { Image: 'db:1', HostConfig: {} })
  const ran = await must(shop, 'down --rmi all')
  assert.ok(names(shop).includes('db:1'))
  assert.match(ran.err, 'image-in-use')
})

inShop('without a stack file, images go by labels and containers', async (shop) => {
  await must(shop, 'up -d')
  shop.write({ 'stack.yaml': 'nonsense: [' })
  await must(shop, '-p shop down --rmi all')
  assert.equal(
    names(shop).filter((name) => name === 'db:1' || name.startsWith('shop')),
    [],
  )
})

inShop('images change while another command works on the project, and guards learn nothing', async (shop) => {
  const up = shop.begin(['up', '-d', 'db'])
  await must(shop, 'build web')
  assert.is((await up.ended).code, 0)
})

inShop('in a pipe each line of a build is printed once, with its service', async (shop) => {
  const plain = await must(shop, '--progress plain build web')
  assert.equal(
    plain.err.split('\n').filter((line) => line.includes('FROM scratch')),
    ['web | [1/1] FROM scratch'],
  )
  const json = await must(shop, '--progress json build web')
  assert.is(json.err.split('\n').filter((line) => line.includes('step-output')).length, 1)
  const quiet = await must(shop, 'build -q web')
  assert.is(quiet.out + quiet.err, '')
})

for (const [line, method] of [
  ['pull db', 'pullImage'],
  ['up -d db', 'pullImage'],
  ['build web', 'buildImage'],
] as const)
  inShop(`${line} for the platform of DOCKER_DEFAULT_PLATFORM`, async (shop) => {
    shop.write({ '.env': 'DOCKER_DEFAULT_PLATFORM=linux/arm64\n' })
    await must(shop, line)
    const asked = shop.engine.calls.filter((call) => call.method === method).map(({ args }) => args)
    assert.ok(asked.length > 0)
    for (const args of asked) assert.match(JSON.stringify(args), '"platform":"linux/arm64"')
  })

inShop('build --print names every build with its arguments', async (shop) => {
  const { out } = await must(shop, 'build --print --build-arg A=1 --sbom false --provenance mode=max web')
  const { group, target } = JSON.parse(out)
  assert.equal(group.default.targets, ['web'])
  assert.equal(target.web.args, { A: '1' })
  assert.equal(target.web.attest, ['type=provenance,mode=max', 'type=sbom,disabled=true'])
  assert.equal(target.web.tags, ['reg.example:5000/web:2', 'reg.example:5000/web:1'])
})

test.run()
