import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { contentId } from '../../../src/lockfile/content-id.ts'
import { readPackHeaders } from '../../../src/pack/read/open-pack.ts'
import type { Bytes } from '../../../src/pack/types.ts'
import { opened, packed, signal, whole } from '../../pack/packed.ts'
import { hash, imageSource, type MadeImage, madeImage, pieces, samplePack, savedBefore25 } from '../../pack/sample.ts'
import { liveEngine } from '../../support/live.ts'

const live = await liveEngine()

/** Two images that no engine has: they share a layer, and one has it twice. */
function freshImages(): MadeImage[] {
  const [name, shared] = [`flotilla-test-pack-${randomBytes(4).toString('hex')}`, randomBytes(20_000).toString('hex')]
  return [madeImage(`${name}:one`, [shared, 'one']), madeImage(`${name}:two`, [shared, 'two', shared])]
}

function packOf(images: readonly MadeImage[], archive: Bytes) {
  return samplePack({ images: { images: images.map(imageSource), open: async () => archive } })
}

function inspected(name: string) {
  const [image] = JSON.parse(execFileSync('docker', ['image', 'inspect', name], { encoding: 'utf8' }))
  const { Os: os, Architecture: architecture, Variant: variant, Created: created, Config: config } = image
  return { os, architecture, variant, created, config, layers: image.RootFS.Layers }
}

function removed(images: readonly MadeImage[]): void {
  for (const { names } of images) execFileSync('docker', ['image', 'rm', '-f', ...names], { stdio: 'ignore' })
}

/** The way that README.md in the pack gives. */
function loadedByDocker(folder: string): void {
  execFileSync('sh', ['-ec', 'tar -C data/images -cf - . | docker load'], { cwd: folder, stdio: 'pipe' })
}

for (const compress of ['gzip', 'none'] as const)
  test(`docker alone loads the images of a pack that is written with ${compress}, and saves the same contents`, async () => {
    if ('skip' in live) return
    const images = freshImages()
    try {
      const first = await packed(
        packOf(images, pieces(savedBefore25(images))),
        async (file, folder) => {
          execFileSync('tar', ['xf', file, '-C', folder])
          loadedByDocker(join(folder, 'lab'))
          return (await readPackHeaders(file, { signal })).index
        },
        { compress },
      )
      for (const image of images) assert.is(contentId(inspected(image.names[0] ?? '')), imageSource(image).contentId)
      const saved = spawn('docker', ['save', ...images.flatMap(({ names }) => names)]).stdout
      const again = await packed(packOf(images, saved), async (file) => (await readPackHeaders(file, { signal })).index)
      assert.is(again.content, first.content)
      assert.equal(
        again.images.map(configOf),
        images.map(({ config }) => `sha256:${hash(config)}`),
      )
    } finally {
      removed(images)
    }
  })

function configOf({ config }: { config: string }): string {
  return config
}

test('the archive for the engine gives images their contents, and no names', async () => {
  if ('skip' in live) return
  const images = freshImages()
  await packed(packOf(images, pieces(savedBefore25(images))), (file) =>
    opened(file, async (pack) => {
      const { Loaded } = await loadedFrom(await whole(pack.images()))
      assert.is(Loaded.length, images.length)
      for (const [at, id] of Loaded.entries())
        assert.is(contentId(inspected(id)), imageSource(images[at] as MadeImage).contentId)
      for (const { names } of images) assert.throws(() => inspected(names[0] ?? ''))
      execFileSync('docker', ['image', 'rm', ...Loaded], { stdio: 'ignore' })
    }),
  )
})

/** Docker prints `Loaded image ID: sha256:…` for an image without a name. */
async function loadedFrom(archive: Buffer): Promise<{ Loaded: string[] }> {
  const said = execFileSync('docker', ['load'], { input: archive, encoding: 'utf8' })
  return { Loaded: [...said.matchAll(/sha256:[0-9a-f]{64}/g)].map(([id]) => id) }
}

test.run()
