import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { flotilla, succeeded } from '../../support/cli.ts'
import { withGitServer } from '../../support/git-daemon.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { withSmallProxy } from '../../support/small-proxy.ts'
import { compose, composePlugin } from '../compose.ts'
import { noRegistry, USER, withRegistry } from '../registry.ts'
import { BUILT, type Scene, STAYS, scenes } from '../scene.ts'

// publish, and stacks from a registry or a Git repository, beside `docker compose`.

const live = await scenes()
const plugin = await composePlugin()
const lacking = 'skip' in plugin ? plugin.skip : await noRegistry()
if (lacking) console.log(`skipped: ${lacking}`)
const check: typeof live = lacking ? (name) => test.skip(name) : live
const words = 'words' in plugin ? plugin.words : []

/** Runs one line to its end; resolves to what it prints. */
type Tool = (line: string) => Promise<string>

/** Both tools, each with a cache of its own. This version of docker compose only speaks to registries over TLS. */
async function toolsOf(scene: Scene, address = '', certificate = '', way = {}): Promise<Record<string, Tool>> {
  const { folder, env } = scene
  const trust = certificate ? { SSL_CERT_FILE: certificate, NODE_EXTRA_CA_CERTS: certificate } : {}
  const more = { ...env, ...way, ...trust, ...(await credentialsFor(folder, address)) }
  return {
    flotilla: async (line) => {
      const own = { ...more, XDG_CACHE_HOME: join(folder, 'cache-flotilla') }
      return succeeded(await flotilla(line.split(' '), { cwd: folder, env: own })).stdout
    },
    compose: (line) => {
      const own = { ...more, XDG_CACHE_HOME: join(folder, 'cache-compose') }
      return compose(words, line.split(' '), { cwd: folder, env: own })
    },
  }
}

/** A configuration of docker with the registry's user, and the plugins of this machine. */
async function credentialsFor(folder: string, address: string): Promise<Record<string, string>> {
  const config = join(folder, '.docker')
  const auth = Buffer.from(`${USER.username}:${USER.password}`).toString('base64')
  await mkdir(config, { recursive: true })
  await writeFile(join(config, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }))
  const plugins = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'cli-plugins')
  await symlink(plugins, join(config, 'cli-plugins')).catch(() => undefined)
  return { DOCKER_CONFIG: config }
}

/** docker compose 2.40 replaces names line by line, and ends with a panic at an env file in an extended file. */
const FILES = {
  'compose.yaml': `
services:
  web:
    extends:
      file: base.yaml
      service: base
    environment:
      LEVEL: "\${LEVEL:-1}"
  job:
    image: ${SCRATCH_IMAGE}
    profiles: [jobs]
    env_file:
      - job.env
`,
  'more.yaml': 'services:\n  web:\n    labels:\n      more: "yes"\n',
  'base.yaml': `
services:
  base:
    image: ${SCRATCH_IMAGE}
    volumes:
      - ./data:/data
`,
}

async function writeStack({ write }: Scene): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) await write(path, text)
  await write('job.env', 'JOB=1\n')
}

check('either tool reads what the other published in a registry that asks for credentials', async (scene) => {
  await writeStack(scene)
  await withRegistry(
    async (address, certificate) => {
      const tools = await toolsOf(scene, address, certificate)
      for (const [name, run] of Object.entries(tools))
        await run(`-f compose.yaml -f more.yaml publish -y --with-env ${address}/lab:${name}`)
      const [ours, theirs] = await Promise.all(Object.keys(tools).map((name) => artifact(address, certificate, name)))
      assert.equal(ours, theirs)
      const read = Object.values(tools).flatMap((run) =>
        Object.keys(tools).map((name) => run(`-f oci://${address}/lab:${name} --profile jobs config --format json`)),
      )
      const [first, ...others] = (await Promise.all(read)).map(withoutCache)
      for (const other of others) assert.equal(other, first)
      for (const other of await throughProxy(scene, address, certificate)) assert.equal(other, first)
    },
    { closed: true, tls: true },
  )
})

/** What both tools read of a stack that flotilla published through a proxy, which alone can find the registry. */
async function throughProxy(scene: Scene, address: string, certificate: string): Promise<unknown[]> {
  return withSmallProxy(address, async ({ address: proxy, asked }) => {
    const name = 'registry.example/lab:proxied'
    const tools = await toolsOf(scene, 'registry.example', certificate, { HTTPS_PROXY: `http://me:word@${proxy}` })
    await tools.flotilla?.(`-f compose.yaml -f more.yaml publish -y --with-env ${name}`)
    const read = Object.values(tools).map((run) => run(`-f oci://${name} --profile jobs config --format json`))
    const models = (await Promise.all(read)).map(withoutCache)
    for (const each of asked) assert.equal(each, { line: 'CONNECT registry.example:443', user: 'me:word' })
    assert.ok(asked.length > 3)
    return models
  })
}

/** A configuration without the folder of the cache: each tool has its own, and each version. */
function withoutCache(text: string): unknown {
  return JSON.parse(text.replace(/"[^"]*\/cache-(?:flotilla|compose)\/(?:\w[^"]*?\/)?[0-9a-f]{64}/g, '"'))
}

/** What a registry has under a tag, without what depends on the time, and on the program's version. */
async function artifact(address: string, certificate: string, tag: string): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${USER.username}:${USER.password}`).toString('base64')}`
  const accept = 'application/vnd.oci.image.manifest.v1+json'
  const path = `https://${address}/v2/lab/manifests/${tag}`
  const manifest = JSON.parse(
    await textAt(path, { headers: { authorization, accept }, ca: await readFile(certificate) }),
  )
  const layers = manifest.layers.map((layer: { annotations: Record<string, string> }) => {
    const { 'com.docker.compose.version': version, ...annotations } = layer.annotations
    return { ...layer, annotations, hasVersion: version !== undefined }
  })
  // The keys of annotations have no order, and names contain digests of this run's folder.
  const order = (layer: { mediaType: string; annotations: object }) =>
    JSON.stringify([layer.mediaType, Object.entries(layer.annotations).sort()])
  layers.sort((one: never, other: never) => (order(one) < order(other) ? -1 : 1))
  return { ...manifest, layers, annotations: Object.keys(manifest.annotations) }
}

function textAt(address: string, options: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(address, options, async (response) => {
      let text = ''
      for await (const piece of response) text += piece
      resolve(text)
    })
    request.on('error', reject)
  })
}

check('a stack from a registry comes up, is found by its labels, and goes down', async (scene) => {
  const { project, containers, stack } = scene
  await stack({ services: { web: STAYS } })
  await withRegistry(
    async (address, certificate) => {
      const { flotilla: ours = async () => '', compose: theirs = ours } = await toolsOf(scene, address, certificate)
      const labels: Record<string, string[]> = {}
      await ours(`publish ${address}/lab:1`)
      for (const [name, run] of Object.entries({ ours, theirs })) {
        await run(`-f oci://${address}/lab:1 up -d${name === 'theirs' ? ' -y' : ''}`)
        const all = (await containers())['web-1']?.labels ?? {}
        labels[name] = ['working_dir', 'config_files', 'environment_file'].map((label) =>
          (all[`com.docker.compose.project.${label}`] ?? 'none').replace(/^.*\/(?=[0-9a-f]{64})/, ''),
        )
        assert.match(await ours(`-p ${project} ps`), 'web-1')
        await run(`-f oci://${address}/lab:1 down -t 1`)
        assert.equal(await containers(), {})
      }
      assert.equal(labels.ours, labels.theirs)
    },
    { tls: true },
  )
})

check('both tools read the same from a Git repository', async (scene) => {
  await withGitServer(async ({ url, git, commit }) => {
    const files = {
      'sub/compose.yaml': JSON.stringify({
        services: { web: { ...BUILT, build: { context: './b' }, env_file: 'e.env' } },
      }),
    }
    const first = await commit({
      ...files,
      'sub/b/Dockerfile': 'FROM scratch\n',
      'sub/e.env': 'A=1\n',
      'sub/.env': 'X=1\n',
    })
    await git('tag', 'v1')
    await commit({ 'sub/e.env': 'A=2\n' })
    const tools = await toolsOf(scene)
    for (const suffix of ['#main:sub', '#v1:sub/compose.yaml', `#${first}:sub`]) {
      const [ours, theirs] = await Promise.all(
        Object.values(tools).map(async (run) => withoutVersion(await run(`-f ${url}${suffix} config --format json`))),
      )
      assert.equal(ours, theirs)
    }
  })
})

/** Without the folder of the cache, up to the commit. */
function withoutVersion(text: string): unknown {
  return JSON.parse(text.replace(/"[^"]*\/cache-(?:flotilla|compose)\/[^"]*?[0-9a-f]{40}\//g, '"'))
}

test.run()
