import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type TarEntry, tarOf } from '../../../../src/archive/tar.ts'
import { COMPOSE, OURS } from '../../../../src/backend/docker/labels.ts'
import { engineTransfer } from '../../../../src/backend/engine/transfer/transfer.ts'
import type { ExpectedImage, ImageContent } from '../../../../src/backend/transfer.ts'
import { EngineError } from '../../../../src/docker/port.ts'
import { collect, failure } from '../../../docker/contract/expect.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { nameless } from '../../../support/nameless.ts'

const NEVER = new AbortController().signal
const PLACE = { project: 'p', image: 'tool:1' }
const VOLUME = { name: 'p_data', key: 'data', labels: { mine: '1' } }
const LABELS = { [COMPOSE.project]: 'p', [COMPOSE.volume]: 'data' }
const CONTENT = tarOf([
  { path: 'volume', type: 'directory', mode: 0o750 },
  { path: 'volume/a', type: 'file', mode: 0o640, uid: 7, gid: 8, content: Buffer.from('text') },
  { path: 'volume/d', type: 'directory', mode: 0o700 },
  { path: 'volume/d/up', type: 'symlink', mode: 0o777, linkTarget: '../../..' },
])

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

const engineWith = () => memoryEngine({ images: { 'tool:1': { volumes: ['/data'] }, 'old:1': { content: 'old' } } })
const volumesOf = (engine: MemoryEngine) => engineTransfer(engine).volumes

async function filled(engine: MemoryEngine): Promise<void> {
  const held = await volumesOf(engine).hold(VOLUME, PLACE, NEVER)
  await held.fill(once(CONTENT), NEVER)
  await held.release()
}

async function contentOf(engine: MemoryEngine): Promise<Buffer> {
  return Buffer.concat(await collect(volumesOf(engine).out('p_data', PLACE, NEVER)))
}

test('a volume comes back with what was in it, and with its labels; nothing else stays', async () => {
  const engine = engineWith()
  await filled(engine)
  const volume = await engine.inspectVolume('p_data')
  assert.is(volume?.labels.mine, '1')
  const read = await contentOf(engine)
  assert.ok(read.includes('text'))
  const other = engineWith()
  const held = await volumesOf(other).hold(VOLUME, PLACE, NEVER)
  await held.fill(once(read), NEVER)
  await held.release()
  assert.ok((await contentOf(other)).equals(read))
  for (const each of [engine, other])
    assert.equal(
      [await each.listContainers({}), (await each.listVolumes({})).map(({ name }) => name)],
      [[], ['p_data']],
    )
})

test('a volume that exists is not filled; neither is one that somebody creates at that moment', async () => {
  const engine = engineWith()
  await engine.createVolume({ Name: 'p_data', Labels: { theirs: '1' } })
  assert.ok(await failure(volumesOf(engine).hold(VOLUME, PLACE, NEVER)))
  const late = engineWith()
  late.hooks.before = async ({ method }) => {
    if (method === 'createVolume') await late.behindTheBack.createVolume({ Name: 'p_data', Labels: { theirs: '1' } })
  }
  assert.ok(await failure(volumesOf(late).hold(VOLUME, PLACE, NEVER)))
  for (const each of [engine, late]) {
    assert.equal((await each.inspectVolume('p_data'))?.labels, { theirs: '1' })
    assert.equal(await each.listContainers({}), [])
  }
})

test('an archive that leads out of the volume is refused, and the volume goes', async () => {
  const engine = engineWith()
  const evil: TarEntry[] = [
    { path: 'volume', type: 'directory', mode: 0o755 },
    { path: 'volume/l', type: 'symlink', mode: 0o777, linkTarget: '/etc' },
    { path: 'volume/l/passwd', type: 'file', mode: 0o644 },
  ]
  const held = await volumesOf(engine).hold(VOLUME, PLACE, NEVER)
  assert.match(String(await failure(held.fill(once(tarOf(evil)), NEVER))), /leads outside/)
  await held.undo()
  assert.equal([await engine.listContainers({}), await engine.listVolumes({})], [[], []])
})

/** Runs a change with the n-th call to the engine failing, before it was carried out or after, and all calls after it: the process is killed. */
async function killedAt(moment: number, when: 'before' | 'after', change: (engine: MemoryEngine) => Promise<unknown>) {
  const engine = engineWith()
  let calls = 0
  const kill = () => {
    throw new EngineError('killed')
  }
  engine.hooks.before = () => {
    calls++
    if (calls > moment || (calls === moment && when === 'before')) kill()
  }
  engine.hooks.after = () => {
    if (calls >= moment) kill()
  }
  const ended = await change(engine).then(
    () => undefined,
    (thrown) => thrown,
  )
  engine.hooks.before = () => undefined
  engine.hooks.after = () => undefined
  return { engine, isDone: ended === undefined && calls < moment }
}

async function everyMoment(
  change: (engine: MemoryEngine) => Promise<unknown>,
  law: (engine: MemoryEngine, moment: string) => Promise<void>,
): Promise<void> {
  for (const when of ['before', 'after'] as const) {
    for (let moment = 1; ; moment++) {
      const { engine, isDone } = await killedAt(moment, when, change)
      await law(engine, `killed ${when} call ${moment}`)
      if (isDone) {
        assert.ok(moment > 5)
        break
      }
    }
  }
}

test('killed at any moment, a volume is marked as half filled, or whole, or not there; the next attempt succeeds', () =>
  everyMoment(filled, async (engine, moment) => {
    const { halfFilled } = await volumesOf(engine).clear('p', { halfFilled: false }, NEVER)
    const isThere = (await engine.inspectVolume('p_data')) !== undefined
    if (isThere && halfFilled.length === 0) assert.ok((await contentOf(engine)).includes('text'), moment)
    else await filled(engine)
    assert.ok((await contentOf(engine)).includes('text'), moment)
    await volumesOf(engine).clear('p', { halfFilled: true }, NEVER)
    assert.equal(
      (await engine.listContainers({})).map(({ labels }) => labels),
      [],
      moment,
    )
  }))

test('killed while it is read, a volume stays as it is, and the container that read it is found', () =>
  everyMoment(
    async (engine) => {
      await engine.behindTheBack.createVolume({ Name: 'p_data', Labels: LABELS })
      await contentOf(engine)
    },
    async (engine, moment) => {
      await volumesOf(engine).clear('p', { halfFilled: false }, NEVER)
      assert.equal(await engine.listContainers({}), [], moment)
      assert.equal(
        (await engine.listVolumes({})).map(({ name }) => name),
        ['p_data'],
        moment,
      )
    },
  ))

const contentIdOf = ({ layers, config }: ImageContent) => JSON.stringify([layers, config])
const options = { contentIdOf, signal: NEVER }

/** An image of another engine, and its archive. */
async function foreignImage(): Promise<{ archive: Buffer; expected: ExpectedImage[] }> {
  const engine = memoryEngine({ images: { 'old:1': { content: 'new' } } })
  const { images } = engineTransfer(engine)
  const archive = Buffer.concat(await collect(nameless(await images.out(['old:1'], NEVER))))
  const found = (await images.find('old:1', NEVER)) as ImageContent
  return { archive, expected: [{ contentId: contentIdOf(found), tags: ['old:1', 'more:1'], ids: [] }] }
}

test('images get their names after their content is compared; the names that move are known before', async () => {
  const { archive, expected } = await foreignImage()
  const engine = engineWith()
  const { images } = engineTransfer(engine)
  assert.equal(await images.moved(expected, options), ['old:1'])
  const before = await engine.inspectImage('old:1')
  await images.in(() => once(archive), expected, options)
  const after = await engine.inspectImage('old:1')
  assert.is.not(after?.id, before?.id)
  assert.is((await engine.inspectImage('more:1'))?.id, after?.id)
  assert.equal(await images.moved(expected, options), [])
  await images.in(() => assert.unreachable('nothing is missing') as never, expected, options)
})

test('an image with another content than expected gets no name, and goes', async () => {
  const { archive } = await foreignImage()
  const engine = engineWith()
  const before = await engine.listImages()
  const wanted = [{ contentId: 'other', tags: ['old:1'], ids: [] }]
  assert.ok(await failure(engineTransfer(engine).images.in(() => once(archive), wanted, options)))
  assert.equal(await engine.listImages(), before)
})

test('an engine that fails after it kept an image is undone; a stream that fails says why', async () => {
  const { archive, expected } = await foreignImage()
  const engine = engineWith()
  const before = await engine.listImages()
  const ids = [(await collectIds(archive))[0] ?? '']
  engine.hooks.after = ({ method }) => {
    if (method === 'loadImages') throw new EngineError('disk full', 500)
  }
  const { images } = engineTransfer(engine)
  assert.ok(
    await failure(
      images.in(
        () => once(archive),
        expected.map((each) => ({ ...each, ids })),
        options,
      ),
    ),
  )
  assert.equal(await engine.listImages(), before)
  const reason = new Error('the pack changed')
  const broken = async function* () {
    yield archive.subarray(0, 700)
    throw reason
  }
  assert.is(await failure(images.in(broken, expected, options)), reason)
  assert.equal(await engine.listImages(), before)
})

async function collectIds(archive: Buffer): Promise<string[]> {
  return (await engineWith().loadImages(once(archive), { signal: NEVER })).ids
}

test('killed at any moment, no name belongs to an image with other content, and the next attempt succeeds', async () => {
  const { archive, expected } = await foreignImage()
  const load = (engine: MemoryEngine) => engineTransfer(engine).images.in(() => once(archive), expected, options)
  const contents = async (engine: MemoryEngine, name: string) => {
    const found = await engineTransfer(engine).images.find(name, NEVER)
    return found && contentIdOf(found)
  }
  const [fresh, old] = [expected[0]?.contentId, await contents(engineWith(), 'old:1')]
  await everyMoment(load, async (engine, moment) => {
    assert.ok([fresh, old].includes(await contents(engine, 'old:1')), moment)
    assert.ok([fresh, undefined].includes(await contents(engine, 'more:1')), moment)
    await load(engine)
    for (const name of ['old:1', 'more:1']) assert.is(await contents(engine, name), fresh, moment)
  })
})

test('volumes are listed with their users, anonymous ones too; changes of containers without mounts and parents', async () => {
  const engine = engineWith()
  await engine.createVolume({ Name: 'p_data', Labels: LABELS })
  await engine.createVolume({ Name: 'other', Labels: {} })
  const labels = { [COMPOSE.project]: 'p', [COMPOSE.service]: 'web' }
  const spec = { Image: 'tool:1', Labels: labels, HostConfig: { Binds: ['p_data:/kept'] } }
  const { id } = await engine.createContainer('p-web-1', spec)
  await engine.putFiles(id, '/a', [{ path: 'b', content: Buffer.from('x'), mode: 0o600, uid: 0, gid: 0 }])
  await engine.putFiles(id, '/kept', [{ path: 'c', content: Buffer.from('xy'), mode: 0o600, uid: 0, gid: 0 }])
  const listed = await volumesOf(engine).list('p', { sizes: true }, NEVER)
  const told = listed.map(({ key, users, bytes }) => [
    key,
    users.map(({ service, target }) => `${service}:${target}`),
    bytes,
  ])
  assert.equal(
    new Set(told.map(String)),
    new Set(
      [
        ['data', ['web:/kept'], 2],
        [undefined, ['web:/data'], 0],
      ].map(String),
    ),
  )
  const [changes] = await volumesOf(engine).changes('p', NEVER)
  assert.equal(changes?.changed, [{ path: '/a/b', kind: 'added' }])
})

test('a holder of an image that Compose built belongs to no project', async () => {
  const engine = memoryEngine({
    images: { 'tool:1': { labels: { [COMPOSE.project]: 'p', [COMPOSE.service]: 'web' } } },
  })
  await volumesOf(engine).hold(VOLUME, PLACE, NEVER)
  const [holder] = await engine.listContainers({})
  assert.equal([holder?.labels[COMPOSE.project], holder?.labels[OURS.filling], holder?.state], ['', 'p', 'created'])
})

test.run()
