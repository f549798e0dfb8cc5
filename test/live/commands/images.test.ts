import { once } from 'node:events'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { flotilla, type Ran, succeeded } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'
import { noRegistry, USER, withRegistry } from '../registry.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

// build, push, pull and down --rmi beside `docker compose`: what the engine and a registry hold after each line.

const live = await scenes()
const plugin = await composePlugin()
const lacking = 'skip' in plugin ? plugin.skip : await noRegistry()
if (lacking) console.log(`skipped: ${lacking}`)
const check: typeof live = lacking ? (name) => test.skip(name) : live
const words = 'words' in plugin ? plugin.words : []

/** Runs one line to its end; resolves to whether it succeeded. */
type Tool = (line: string, env?: Record<string, string>) => Promise<boolean>

function toolsOf({ folder, env }: Scene): Record<string, Tool> {
  const ours = async (line: string, more = {}) =>
    succeeds(await flotilla(line.split(' '), { cwd: folder, env: { ...env, ...more } }))
  const theirs = (line: string, more = {}) =>
    compose(words, line.split(' '), { cwd: folder, env: { ...env, ...more } }).then(
      () => true,
      () => false,
    )
  return { flotilla: ours, 'docker compose': theirs }
}

function succeeds({ code }: Ran): boolean {
  return code === 0
}

/** Who a line is run as: a user whose credentials stand in the configuration or come from a helper, or nobody. */
type As = 'auths' | 'credHelpers' | 'credsStore' | 'nobody'

/** The environment with such a configuration, with the plugins of this machine. */
async function environmentFor({ folder }: Scene, address: string, as: As): Promise<Record<string, string>> {
  const config = join(folder, `.docker-${as}`)
  const { username: Username, password: Secret } = USER
  const auth = Buffer.from(`${Username}:${Secret}`).toString('base64')
  const content = {
    auths: { auths: { [address]: { auth } } },
    credHelpers: { credHelpers: { [address]: 'flotilla-test' } },
    credsStore: { credsStore: 'flotilla-test', auths: { [address]: {} } },
    nobody: {},
  }[as]
  await mkdir(config, { recursive: true })
  await writeFile(join(config, 'config.json'), JSON.stringify(content))
  const helper = `#!/bin/sh\ncat > /dev/null\necho '${JSON.stringify({ ServerURL: address, Username, Secret })}'\n`
  await writeFile(join(folder, 'docker-credential-flotilla-test'), helper, { mode: 0o755 })
  const plugins = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'cli-plugins')
  await symlink(plugins, join(config, 'cli-plugins')).catch(() => undefined)
  return { DOCKER_CONFIG: config, PATH: `${folder}:${process.env.PATH}` }
}

async function tagsThere({ engine }: Scene, prefix: string): Promise<string[]> {
  const all = (await engine.listImages()).flatMap(({ tags }) => tags)
  return all
    .filter((tag) => tag.startsWith(prefix))
    .map((tag) => tag.slice(prefix.length))
    .sort()
}

/** The names and tags that a registry has. */
async function published(address: string): Promise<string[]> {
  const auth = Buffer.from(`${USER.username}:${USER.password}`).toString('base64')
  const ask = async (path: string) =>
    (await fetch(`http://${address}/v2/${path}`, { headers: { authorization: `Basic ${auth}` } })).json()
  const { repositories } = (await ask('_catalog')) as { repositories: string[] }
  const found = await Promise.all(
    repositories.map(async (name) => ((await ask(`${name}/tags/list`)) as { tags: string[] | null }).tags ?? []),
  )
  return repositories.flatMap((name, at) => (found[at] ?? []).map((tag) => `${name}:${tag}`)).sort()
}

/** Whether the image in the registry says which steps made it, for other builds. */
async function hasCache(address: string): Promise<boolean> {
  const auth = Buffer.from(`${USER.username}:${USER.password}`).toString('base64')
  const accept = 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json'
  const ask = async (path: string) =>
    (await fetch(`http://${address}/v2/web/${path}`, { headers: { authorization: `Basic ${auth}`, accept } })).json()
  const { config } = (await ask('manifests/1')) as { config: { digest: string } }
  return Object.hasOwn((await ask(`blobs/${config.digest}`)) as object, 'moby.buildkit.cache.v0')
}

const FILE = (address: string) => ({
  services: {
    web: {
      ...STAYS,
      image: `${address}/web:1`,
      depends_on: ['job'],
      build: {
        dockerfile_inline: `FROM ${SCRATCH_IMAGE}\nARG REV=0\nRUN echo $$REV > /rev\nLABEL rev=$$REV\n`,
        cache_to: ['type=inline'],
        cache_from: [`${address}/web:1`],
      },
    },
    job: { ...STAYS, image: `${address}/job:1`, build: { dockerfile_inline: `FROM ${SCRATCH_IMAGE}\nLABEL job=1\n` } },
    plain: { ...STAYS, image: `${address}/job:1` },
  },
})

/** Each line, by whom it is run. `forget`: the engine's images are removed before. */
const LINES: { line: string; as?: As; forget?: true }[] = [
  { line: 'build nobody' },
  { line: '--dry-run build web' },
  { line: 'build plain' },
  { line: 'build web' },
  { line: 'push', as: 'nobody' },
  { line: 'push --ignore-push-failures', as: 'nobody' },
  { line: 'build --push web' },
  { line: 'build --quiet --build-arg REV=5 --with-dependencies web' },
  { line: 'push --include-deps -q web', as: 'credHelpers' },
  { line: 'pull plain', as: 'nobody', forget: true },
  { line: 'pull --ignore-pull-failures', as: 'nobody' },
  { line: 'pull --ignore-buildable' },
  { line: 'pull --policy missing web', as: 'credsStore' },
  { line: 'up -d' },
  { line: 'down --rmi local' },
  { line: 'pull -q --include-deps web' },
  { line: 'down --rmi all' },
]

check('each line has the outcome of docker compose, in the engine and in a registry', async (scene) => {
  const stories: Record<string, string[]> = {}
  for (const [name, run] of Object.entries(toolsOf(scene))) {
    stories[name] = await withRegistry((address) => storyOf(scene, run, address), { closed: true })
  }
  assert.is(stories.flotilla?.join('\n'), stories['docker compose']?.join('\n'))
  assert.match(stories.flotilla?.join('\n') ?? '', 'cache true')
})

async function storyOf(scene: Scene, run: Tool, address: string): Promise<string[]> {
  const story: string[] = []
  await scene.stack(FILE(address))
  try {
    for (const { line, as = 'auths', forget } of LINES) {
      if (forget) await forgetAll(scene, address)
      const ok = await run(line, await environmentFor(scene, address, as))
      const [there, sent] = [await tagsThere(scene, `${address}/`), await published(address)]
      const rev = await revOf(scene, address)
      const cache = sent.includes('web:1') && (await hasCache(address))
      const state = `here ${there.join(' ')}; there ${sent.join(' ')}; rev ${rev}; cache ${cache}`
      story.push(`${line}: ${ok ? 'ok' : 'fails'}; ${state}`)
    }
    return story
  } finally {
    await run('down -t 1')
    await forgetAll(scene, address)
  }
}

async function revOf({ engine }: Scene, address: string): Promise<string | undefined> {
  return (await engine.inspectImage(`${address}/web:1`))?.labels.rev
}

async function forgetAll({ engine }: Scene, address: string): Promise<void> {
  const tags = (await engine.listImages()).flatMap((image) => image.tags)
  for (const tag of tags.filter((each) => each.startsWith(`${address}/`))) await engine.removeImage(tag)
}

const PRINTED = {
  services: {
    web: {
      image: 'registry.invalid/web:1',
      build: {
        context: '.',
        target: 'x',
        args: { A: '1', UNSET: null },
        labels: { l: 'm' },
        cache_from: ['a:b'],
        no_cache: true,
        tags: ['t:1'],
        secrets: ['s'],
        extra_hosts: ['h:1.2.3.4'],
        shm_size: '1m',
        ulimits: { nofile: 5 },
        additional_contexts: { base: 'service:ba.se', files: './files' },
      },
      depends_on: ['job'],
    },
    'ba.se': { build: { dockerfile_inline: 'FROM scratch\n' } },
    job: { build: { context: './job', dockerfile: 'D2' }, platform: 'linux/amd64' },
    plain: { image: 'plain:1' },
  },
  secrets: { s: { file: './secret' } },
}

check(
  'build --print gives docker buildx bake what docker compose gives it',
  async ({ stack, run, folder, env, write }) => {
    await stack(PRINTED)
    for (const file of ['Dockerfile', 'job/D2', 'secret', 'files/x']) await write(file, '')
    for (const line of [
      'build --print',
      'build --print --build-arg B=2 --pull job',
      'build --print --push --with-dependencies web',
    ]) {
      const theirs = await compose(words, line.split(' '), { cwd: folder, env })
      assert.equal(essence(succeeded(await run(...line.split(' '))).stdout), essence(theirs), line)
    }
  },
)

/** Without the version that made it, and in one order. */
function essence(text: string): unknown {
  const { group, target } = JSON.parse(text)
  for (const { labels } of Object.values<{ labels: Record<string, string> }>(target)) {
    delete labels['com.docker.compose.version']
    delete labels['io.flotilla.build']
  }
  return { targets: group.default.targets.sort(), target }
}

check('a push and a pull outlive a connection to the registry that is lost', async (scene) => {
  await withRegistry(async (address) => {
    // The first tries TLS, which the engine takes for a sign that there is none.
    await withCuts(address, 2, async (through) => {
      const image = `${through}/lost:1`
      await scene.engine.tagImage(SCRATCH_IMAGE, image)
      await scene.stack({ services: { web: { image, build: '.' } } })
      try {
        succeeded(await scene.run('push'))
        assert.equal(await published(address), ['lost:1'])
      } finally {
        await forgetAll(scene, through)
      }
    })
    await withCuts(address, 2, async (through) => {
      await scene.stack({ services: { web: { image: `${through}/lost:1` } } })
      try {
        succeeded(await scene.run('pull'))
        assert.equal(await tagsThere(scene, `${through}/`), ['lost:1'])
      } finally {
        await forgetAll(scene, through)
      }
    })
  })
})

/** A way to an address that loses the first connections as soon as something is asked. */
async function withCuts<T>(address: string, cuts: number, body: (through: string) => Promise<T>): Promise<T> {
  const [host, port] = address.split(':')
  let left = cuts
  const server = createServer((near) => {
    near.on('error', () => undefined)
    if (left-- > 0) return void near.once('data', () => near.destroy())
    const far = createConnection({ host: host ?? '', port: Number(port) }).on('error', () => near.destroy())
    near.pipe(far).pipe(near)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  try {
    const result = await body(`127.0.0.1:${(server.address() as AddressInfo).port}`)
    assert.ok(left <= 0, `${left} connections were not lost`)
    return result
  } finally {
    server.close()
  }
}

test.run()
