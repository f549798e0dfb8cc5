import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fetchStack } from '../../src/remote/fetch.ts'
import { publishStack } from '../../src/remote/publish.ts'
import type { Publication } from '../../src/stack/publication.ts'
import { end, type SmallRegistry, type Twist, withSmallRegistry } from '../support/small-registry.ts'
import { fails } from './support.ts'

interface Scene {
  registry: SmallRegistry
  fetch(name: string): Promise<{ file: string; folder: string }>
  publish(change: Partial<Publication>): Promise<{ digest: string }>
}

async function withScene(body: (scene: Scene) => Promise<void>, twist?: Twist): Promise<void> {
  const cache = await mkdtemp(join(tmpdir(), 'flotilla-remote-'))
  const options = { insecure: [], credentialsFor: async () => undefined, signal: AbortSignal.timeout(20_000) }
  try {
    await withSmallRegistry(async (registry) => {
      const plain = {
        name: `${registry.address}/lab:1`,
        files: [],
        created: '2026-11-30T00:00:00Z',
        composeVersion: '5.5.0',
      }
      await body({
        registry,
        fetch: (name) => fetchStack(`oci://${registry.address}/${name}`, { ...options, cache, env: {} }),
        publish: (change) => publishStack({ ...plain, ...change }, { ...options, env: {} }),
      })
    }, twist)
  } finally {
    await rm(cache, { recursive: true, force: true })
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const MAIN = { name: 'compose.yaml', role: 'main', content: bytes('services: {}\n') } as const
const OVERRIDE = { name: 'other.yaml', role: 'main', content: bytes('name: other\n') } as const
const EXTENDED = { name: `${'e'.repeat(64)}.yaml`, role: 'extended', content: bytes('services: {base: {}}\n') } as const
const ENV = { name: `${'f'.repeat(64)}.env`, role: 'env', content: bytes('A=1\n') } as const

test('published files are fetched under their names', async () => {
  await withScene(async ({ publish, fetch }) => {
    await publish({ files: [MAIN, OVERRIDE, EXTENDED, ENV] })
    const { file, folder } = await fetch('lab:1')
    assert.is(dirname(file), folder)
    assert.equal((await readdir(folder)).sort(), ['compose.yaml', EXTENDED.name, ENV.name].sort())
    assert.is(await readFile(file, 'utf8'), 'services: {}\n\n---\nname: other\n')
    assert.is(await readFile(join(folder, ENV.name), 'utf8'), 'A=1\n')
  })
})

/** The limits of a stack, and the largest manifest that registries must accept, in bytes. */
const [MOST_BYTES, MOST_FILES, MOST_MANIFEST] = [32 << 20, 200, 4 << 20]

test('a large stack has a small manifest, and is fetched whole', async () => {
  await withScene(async ({ registry, publish, fetch }) => {
    const content = new Uint8Array(MOST_BYTES - MAIN.content.length).fill(65)
    await publish({ files: [MAIN, { ...ENV, content }] })
    const sizes = [...registry.manifests.values()].map((manifest) => manifest.bytes.length)
    assert.ok(Math.max(...sizes) < MOST_MANIFEST)
    const { folder } = await fetch('lab:1')
    assert.is(Buffer.compare(await readFile(join(folder, ENV.name)), content), 0)
  })
})

test('more than can be fetched is not published', async () => {
  await withScene(async ({ registry, publish }) => {
    await fails(publish({ files: [MAIN, { ...ENV, content: new Uint8Array(MOST_BYTES) }] }), 'push-failed')
    await fails(publish({ files: Array(MOST_FILES + 1).fill(MAIN) }), 'push-failed')
    assert.equal([registry.blobs.size, registry.manifests.size], [0, 0])
    await publish({ files: Array(MOST_FILES).fill(MAIN) })
  })
})

test('a version that was fetched needs no registry if it is named by its digest', async () => {
  await withScene(async ({ registry, publish, fetch }) => {
    const { digest } = await publish({ files: [MAIN] })
    const { file } = await fetch('lab:1')
    registry.twist = (_, response) => {
      end(response, 500)
      return true
    }
    assert.is((await fetch(`lab@${digest}`)).file, file)
    await fails(fetch('lab:1'))
  })
})

test('a registry that does not take the newer form gets the older one', async () => {
  let refusals = 1
  const twist: Twist = ({ method, url }, response) => {
    if (method !== 'PUT' || !url?.includes('/manifests/') || refusals-- <= 0) return undefined
    end(response, 400)
    return true
  }
  await withScene(async ({ registry, publish, fetch }) => {
    await publish({ files: [MAIN] })
    const stored = JSON.parse(String(registry.manifests.get('lab 1')?.bytes))
    assert.equal(
      [stored.artifactType, stored.config.mediaType],
      [undefined, 'application/vnd.docker.compose.config.empty.v1+json'],
    )
    await fetch('lab:1')
  }, twist)
})

test('an application is published with copies of its images, and its index names the stack', async () => {
  await withScene(async ({ registry, publish, fetch }) => {
    const config = registry.blob('{}', 'application/vnd.oci.image.config.v1+json')
    const image = registry.store('app', '1', { schemaVersion: 2, config, layers: [] })
    await publish({ files: [MAIN], images: [`${registry.address}/app:1@${image}`] })
    assert.ok(registry.manifests.has(`lab ${image}`))
    const indexes = [...registry.manifests].filter(([, { type }]) => type.includes('index'))
    const [[key = '', { bytes: index } = { bytes: Buffer.of() }] = []] = indexes
    const { manifests, subject } = JSON.parse(String(index))
    assert.equal([manifests[0].digest, subject.artifactType], [image, 'application/vnd.docker.compose.project'])
    await fetch(`lab@${key.split(' ')[1]}`)
  })
})

const PROJECT = 'application/vnd.docker.compose.project'
const FILE = 'application/vnd.docker.compose.file+yaml'
const ENVFILE = 'application/vnd.docker.compose.envfile'

const HOSTILE: Record<string, (registry: SmallRegistry) => object> = {
  'an env file that leads out of the folder': (registry) => ({
    artifactType: PROJECT,
    layers: [registry.blob('a', FILE), registry.blob('x', ENVFILE, { 'com.docker.compose.envfile': '../../x' })],
  }),
  'an extended file in the place of the stack file': (registry) => ({
    artifactType: PROJECT,
    layers: [
      registry.blob('a', FILE),
      registry.blob('x', FILE, { 'com.docker.compose.extends': 'true', 'com.docker.compose.file': 'compose.yaml' }),
    ],
  }),
  'an image': () => ({ config: { mediaType: 'application/vnd.oci.image.config.v1+json' }, layers: [] }),
  'a stack without files': () => ({ artifactType: PROJECT, layers: [] }),
  'a layer that is larger than everything may be': (registry) => ({
    artifactType: PROJECT,
    layers: [{ ...registry.blob('a', FILE), size: 2 ** 40 }],
  }),
  'a layer of negative size': (registry) => ({
    artifactType: PROJECT,
    layers: [{ ...registry.blob('a', FILE), size: -1 }],
  }),
  'a digest that leads elsewhere': (registry) => ({
    artifactType: PROJECT,
    layers: [{ ...registry.blob('a', FILE), digest: '../../../other/blobs/x' }],
  }),
  'layers that are no list': () => ({ artifactType: PROJECT, layers: { length: 1 } }),
}

for (const [name, manifestOf] of Object.entries(HOSTILE)) {
  test(`${name} is refused, and leaves nothing behind`, async () => {
    await withScene(async ({ registry, fetch, publish }) => {
      await publish({ files: [MAIN], name: `${registry.address}/lab:good` })
      const folder = dirname((await fetch('lab:good')).folder)
      registry.store('lab', '1', manifestOf(registry))
      await fails(fetch('lab:1'))
      assert.is((await readdir(folder)).length, 1)
    })
  })
}

test.run()
