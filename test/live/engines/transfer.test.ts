import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTar } from '../../../src/archive/read-tar.ts'
import { engineTransfer } from '../../../src/backend/engine/transfer/transfer.ts'
import type { ImageContent } from '../../../src/backend/transfer.ts'
import type { Engine } from '../../../src/docker/port.ts'
import { contentId } from '../../../src/lockfile/content-id.ts'
import { collect, failure } from '../../docker/contract/expect.ts'
import { liveEngine, withProject } from '../../support/live.ts'
import { nameless } from '../../support/nameless.ts'
import { ensureDeclaringImage, ensureScratchImage } from '../../support/scratch-image.ts'

const NEVER = new AbortController().signal

const live = await liveEngine()
if ('skip' in live) console.log(`skipped: ${live.skip}`)
const onEngine = (title: string, body: (engine: Engine) => Promise<void>) =>
  // The reason is printed above.
  'engine' in live ? test(title, () => body(live.engine)) : test.skip(title)

/** What a volume can hold, and an archive of one keeps. */
const ODD = `cd /kept
chmod 1777 . ; chown 12:34 .
mkdir -p deep/er closed 'with space' && echo inner > deep/er/file && chmod 0 closed
echo text > plain; touch -d '2001-02-03 04:05:06' plain; ln plain other-name
echo big-owner > owned; chown 2000012345:77 owned; chmod 6751 owned
ln -s ../../.. deep/up; ln -s /etc/passwd absolute; ln -s nowhere 'broken link'
mkfifo pipe; head -c 300000 /dev/zero > zeros; : > empty
echo odd > "$(printf 'new\\nline')"; echo odd > "$(printf 'not \\377 utf8')"; echo 'ü' > ü
long=$(printf '%0200d' 1); mkdir $long && echo long > $long/$long`

onEngine('a volume comes back with owners, modes, links and odd names', (engine) =>
  withProject(engine, async ({ project, labels }) => {
    const image = await ensureDeclaringImage(engine)
    const { volumes } = engineTransfer(engine)
    const place = { project, image }
    const [one, two] = [`${project}-one`, `${project}-two`]
    await engine.createVolume({ Name: one, Labels: labels })
    await ran(engine, { project, labels, image }, one, ODD)
    const before = Buffer.concat(await collect(volumes.out(one, place, NEVER)))
    const held = await volumes.hold({ name: two, labels }, place, NEVER)
    await held.fill(pieces(before), NEVER)
    assert.equal((await volumes.clear(project, { halfFilled: false }, NEVER)).halfFilled, [two])
    await held.release()
    const after = Buffer.concat(await collect(volumes.out(two, place, NEVER)))
    if (!after.equals(before)) assert.equal(await told(after), await told(before))
    assert.ok(after.equals(before))
    assert.is((await told(after)).length, 20)
    assert.equal(
      (await engine.listContainers({})).filter(({ labels: all }) => Object.values(all).includes(project)).length,
      1,
    )
  }),
)

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
}

async function told(archive: Uint8Array): Promise<string[]> {
  const all: string[] = []
  for await (const { path, type, mode, mtime, uid, gid, size, linkTarget } of readTar(pieces(archive)))
    all.push([path, type, mode.toString(8), mtime, `${uid}:${gid}`, size, linkTarget].join(' '))
  return all
}

interface Owner {
  project: string
  labels: Record<string, string>
  image: string
}

/** Runs a script in a container that has the volume at /kept, as another one's mount is at an image's own place. */
async function ran(engine: Engine, { project, labels, image }: Owner, volume: string, script: string): Promise<void> {
  const HostConfig = { Mounts: [{ Type: 'volume', Source: volume, Target: '/kept' }] }
  const spec = { Image: image, Cmd: ['sh', '-ec', script], Labels: labels, HostConfig }
  const { id } = await engine.createContainer(`${project}-fill`, spec)
  const ended = await engine.waitContainer(id, 'next-exit', NEVER)
  await engine.startContainer(id)
  assert.is(await ended.exitCode(), 0)
}

onEngine(
  'an image comes back by its content id and gets its name last; a broken archive leaves nothing',
  async (engine) => {
    const runs = await ensureScratchImage(engine)
    const { images } = engineTransfer(engine)
    const contentIdOf = (image: ImageContent) => contentId(image)
    const options = { contentIdOf, signal: NEVER }
    await withBuilt(engine, runs, async (tag) => {
      const built = (await images.find(tag, NEVER)) as ImageContent
      const archive = Buffer.concat(await collect(nameless(await images.out([tag], NEVER))))
      const expected = [{ contentId: contentIdOf(built), tags: [tag, `${tag}-more`], ids: [] }]
      await engine.removeImage(tag)
      assert.ok(await failure(images.in(() => pieces(archive.subarray(0, archive.length / 2)), expected, options)))
      assert.is(await images.find(tag, NEVER), undefined)
      assert.equal(
        (await engine.listImages()).filter(({ labels }) => labels.tag === tag),
        [],
      )
      await images.in(() => pieces(archive), expected, options)
      assert.is(contentIdOf((await images.find(tag, NEVER)) as ImageContent), contentIdOf(built))
      await images.in(() => assert.unreachable('it is there') as never, expected, options)
      await engine.removeImage(`${tag}-more`)
    })
  },
)

async function withBuilt(engine: Engine, from: string, body: (tag: string) => Promise<void>): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'flotilla-context-'))
  const tag = `flotilla-test-moved:${context.slice(-6).toLowerCase()}`
  try {
    await writeFile(
      join(context, 'Dockerfile'),
      `FROM ${from}\nCOPY Dockerfile /copied\nENV A=1 EMPTY=\nLABEL b="" tag=${tag}\n`,
    )
    const spec = { context, dockerfile: 'Dockerfile', tags: [tag], args: {}, labels: {}, cacheFrom: [], extraHosts: [] }
    const options = { signal: NEVER, onProgress: () => undefined, onOutput: () => undefined }
    await engine.buildImage({ ...spec, noCache: true, pull: false }, options)
    await body(tag)
  } finally {
    await engine.removeImage(tag)
    await rm(context, { recursive: true, force: true })
  }
}

test.run()
