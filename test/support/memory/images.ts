import { tarOf } from '../../../src/archive/tar.ts'
import {
  type BuildCalls,
  type BuildOptions,
  type BuildSpec,
  failedInside,
  type ImageCalls,
  type ImageDetail,
  type PullOptions,
  type PushOptions,
  type TransferCalls,
} from '../../../src/docker/port.ts'
import { parseReference } from '../../../src/docker/reference.ts'
import type { BuildFixture, ImageFixture } from './fixture.ts'
import { emit, hash, refuse, type StoredImage, type World } from './world.ts'

export function imageCalls(world: World, build: BuildFixture): ImageCalls & TransferCalls & BuildCalls {
  return {
    async listImages() {
      const images = new Map([...world.images.values()].map((image) => [image.id, image]))
      return [...images.values()].map(({ id, fixture }) => {
        return { id, labels: fixture.labels ?? {}, tags: tagsOf(world, id), digests: [] }
      })
    },
    async inspectImage(reference) {
      const image = findImage(world, reference)
      return image && imageDetail(world, image)
    },
    async tagImage(image, reference) {
      const found = findImage(world, image) ?? refuse(404, `No such image: ${image}`)
      world.images.set(withTag(reference), found)
      world.images.delete(found.id)
      world.tagged.set(found.id, new Date(world.clock.now()).toISOString())
    },
    async removeImage(reference) {
      removeImage(world, reference)
    },
    pullImage: (reference, options) => pull(world, reference, options),
    pushImage: (reference, options) => push(world, reference, options),
    async registryDigest(reference) {
      const fixture = world.registry[reference] ?? world.registry[withTag(reference)]
      return fixture ? `sha256:${hash(JSON.stringify(fixture))}` : refuse(404, 'manifest unknown')
    },
    buildImage: (spec, options) => runBuild(world, build, spec, options),
  }
}

/** Names are stored with their tag. */
export function putImage(world: World, reference: string, fixture: ImageFixture): StoredImage {
  const image = { id: `sha256:${hash(JSON.stringify(fixture))}`, fixture }
  world.images.set(withTag(reference), image)
  return image
}

export function findImage(world: World, reference: string): StoredImage | undefined {
  const all = [...world.images.values()]
  return world.images.get(withTag(reference)) ?? all.find((image) => image.id === reference)
}

export function withTag(reference: string): string {
  const { tag, digest } = parseReference(reference)
  return tag || digest || reference.startsWith('sha256:') ? reference : `${reference}:latest`
}

function removeImage(world: World, reference: string): void {
  const image = findImage(world, reference)
  if (!image) return
  const tags = tagsOf(world, image.id)
  const user = [...world.containers.values()].find((container) => container.image.id === image.id)
  const isLast = reference === image.id || tags.length === 1
  if (user && isLast) {
    const words = `container ${user.id.slice(0, 12)} is using its referenced image ${image.id.slice(7, 19)}`
    refuse(409, `conflict: unable to remove repository reference "${reference}" (must force) - ${words}`)
  }
  for (const tag of reference === image.id ? [...tags, image.id] : [withTag(reference)]) world.images.delete(tag)
}

async function pull(world: World, reference: string, { signal, onProgress }: PullOptions): Promise<void> {
  signal.throwIfAborted()
  const fixture = world.registry[reference] ?? world.registry[withTag(reference)]
  if (!fixture) {
    const { name } = parseReference(reference)
    const reason = "repository does not exist or may require 'docker login': denied: requested access is denied"
    refuse(404, `pull access denied for ${name}, ${reason}`)
  }
  onProgress('downloading, 0 of 1 layers', 0, 1000)
  await world.clock.sleep(PULL, signal)
  onProgress('extracting, 1 of 1 layers', 1000, 1000)
  putImage(world, reference, fixture)
  emit(world, 'image', 'pull', reference, { name: reference })
}

/** Nobody listens on port 9; every other registry takes all. */
async function push(world: World, reference: string, { signal, onProgress }: PushOptions): Promise<void> {
  signal.throwIfAborted()
  const found = world.images.get(withTag(reference))
  const { name, registry } = parseReference(reference)
  if (!found) throw failedInside(`An image does not exist locally with the tag: ${name}`)
  onProgress('uploading, 0 of 1 layers', 0, 1000)
  await world.clock.sleep(PULL, signal)
  if (registry.endsWith(':9')) throw failedInside(`Get "http://${registry}/v2/": connection refused`)
  world.registry[withTag(reference)] = found.fixture
  onProgress('uploading, 1 of 1 layers', 1000, 1000)
}

const PULL = 100
const BUILD = 100

async function runBuild(world: World, build: BuildFixture, spec: BuildSpec, options: BuildOptions) {
  options.signal.throwIfAborted()
  options.onProgress('[1/1] FROM scratch', 0, 1)
  await world.clock.sleep(BUILD, options.signal)
  const made = build(spec)
  options.onOutput('[1/1] FROM scratch')
  if (made instanceof Error) {
    options.onFailed?.({ sentence: made.message, step: 'FROM scratch', log: ['[1/1] FROM scratch'] })
    return refuse(500, made.message)
  }
  const labels = { ...made.labels, ...spec.labels }
  const fixture = { ...made, ...(Object.keys(labels).length ? { labels } : {}) }
  const image = { id: `sha256:${hash(JSON.stringify([fixture, spec.args]))}`, fixture }
  for (const tag of spec.tags) world.images.set(withTag(tag), image)
  return { imageId: image.id }
}

/** An image without a name is kept under its id. */
export function tagsOf(world: World, id: string): string[] {
  return [...world.images]
    .filter(([reference, image]) => image.id === id && reference !== id)
    .map(([reference]) => reference)
}

/** An archive with one file, which is the fixture. */
export function layerOf(fixture: ImageFixture): Buffer {
  return tarOf([{ path: 'fixture.json', type: 'file', mode: 0o644, content: Buffer.from(JSON.stringify(fixture)) }])
}

function imageDetail(world: World, { id, fixture }: StoredImage): ImageDetail {
  const tagged = world.tagged.get(id)
  return {
    id,
    tags: tagsOf(world, id),
    digests: [],
    volumes: fixture.volumes ?? [],
    exposedPorts: fixture.exposedPorts ?? [],
    env: fixture.env ?? [],
    entrypoint: fixture.entrypoint ?? [],
    cmd: fixture.cmd ?? [],
    user: fixture.user ?? '',
    ...(fixture.healthcheck ? { healthcheck: fixture.healthcheck } : {}),
    labels: fixture.labels ?? {},
    os: 'linux',
    architecture: 'amd64',
    size: 2_000_000,
    created: CREATED,
    ...(tagged && { tagged }),
    layers: [`sha256:${hash(layerOf(fixture))}`],
    config: configOf(fixture),
  }
}

const CREATED = '2025-01-02T03:04:05Z'

/** The configuration in an archive (OCI image specification). */
export function configFile(fixture: ImageFixture): string {
  const rootfs = { type: 'layers', diff_ids: [`sha256:${hash(layerOf(fixture))}`] }
  return JSON.stringify({ os: 'linux', architecture: 'amd64', created: CREATED, config: configOf(fixture), rootfs })
}

function configOf({ env, cmd, entrypoint, labels, user }: ImageFixture): Record<string, unknown> {
  return {
    Env: env ?? null,
    Cmd: cmd ?? null,
    Entrypoint: entrypoint ?? null,
    Labels: labels ?? null,
    User: user ?? '',
  }
}
