import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { StoreDamaged } from '../../src/snapshot/damaged.ts'
import type { Snapshot } from '../../src/snapshot/snapshot.ts'
import { SnapshotStore } from '../../src/snapshot/store.ts'
import { RealStoreDisk, type StoreDisk } from '../../src/snapshot/store-disk.ts'
import { Killed, MemoryStoreDisk } from '../support/memory-store-disk.ts'
import { bytesOf, randomStream } from '../support/random-bytes.ts'

type About = { project: string }

/** Archives by name: the seed of their bytes, and their length. */
type Archives = Record<string, [seed: number, length: number]>

const FIRST: Archives = { db: [1, 3_000_000], work: [2, 10_000], empty: [3, 0] }
const SECOND: Archives = { ...FIRST, work: [4, 900_000] }

async function take(disk: StoreDisk, archives: Archives, at: string): Promise<Snapshot<About>> {
  const store = await SnapshotStore.open<About>(disk)
  const writer = await store.begin()
  const parts = Object.entries(archives).map(([name, [seed, length]]) => writer.add(name, randomStream(seed, length)))
  return writer.commit({ project: 'lab' }, await Promise.all(parts), new Date(at))
}

async function assertHolds(disk: StoreDisk, snapshot: Snapshot, archives: Archives): Promise<void> {
  const store = await SnapshotStore.open<About>(disk)
  const found = (await store.list()).find(({ id }) => id === snapshot.id)
  assert.equal(
    found?.parts.map(({ name, bytes }) => [name, bytes]),
    Object.entries(archives).map(([name, [, length]]) => [name, length]),
  )
  for (const part of found?.parts ?? []) {
    const [seed, length] = archives[part.name] ?? [0, 0]
    assert.ok((await bytesOf(store.read(part))).equals(await bytesOf(randomStream(seed, length))), part.name)
  }
}

/** The same laws on both. */
async function onBoth(body: (disk: StoreDisk) => Promise<void>): Promise<void> {
  await body(new MemoryStoreDisk())
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-store-'))
  const disk = new RealStoreDisk(join(folder, 'store'))
  try {
    await body(disk)
    assert.is(statSync(join(folder, 'store')).mode & 0o777, 0o700)
  } finally {
    await disk.close()
    rmSync(folder, { recursive: true })
  }
}

test('snapshots give back the very archives, and store equal chunks once', () =>
  onBoth(async (disk) => {
    const first = await take(disk, FIRST, '2026-01-01')
    const before = await (await SnapshotStore.open(disk)).size()
    const second = await take(disk, SECOND, '2026-01-02')
    const after = await (await SnapshotStore.open(disk)).size()
    assert.is(before, 3_010_000)
    assert.is(after - before, 900_000)
    await assertHolds(disk, first, FIRST)
    await assertHolds(disk, second, SECOND)
    const third = await take(disk, SECOND, '2026-01-03')
    assert.is(await (await SnapshotStore.open(disk)).size(), after)
    const all = await (await SnapshotStore.open<About>(disk)).list()
    assert.equal(
      all.map(({ id, about }) => [id, about]),
      [first, second, third].map(({ id }) => [id, { project: 'lab' }]),
    )
  }))

test('prune frees what no snapshot needs, and nothing else', () =>
  onBoth(async (disk) => {
    const first = await take(disk, { a: [1, 2_000_000], b: [2, 700_000] }, '2026-01-01')
    const second = await take(disk, { b: [2, 700_000], c: [3, 500_000] }, '2026-01-02')
    const store = await SnapshotStore.open(disk)
    assert.equal(await store.prune(), { before: 3_200_000, after: 3_200_000 })
    await store.remove(first.id)
    assert.equal(await store.prune(), { before: 3_200_000, after: 1_200_000 })
    const pruned = await SnapshotStore.open(disk)
    assert.is(await pruned.size(), 1_200_000)
    await assertHolds(disk, second, { b: [2, 700_000], c: [3, 500_000] })
    await pruned.remove(second.id)
    await pruned.prune()
    assert.is(await (await SnapshotStore.open(disk)).size(), 0)
  }))

/** Kills the work at each of its calls; `check` gets what is left. */
async function killedEverywhere(
  prepare: (disk: MemoryStoreDisk) => Promise<void>,
  work: (disk: MemoryStoreDisk) => Promise<unknown>,
  check: (disk: MemoryStoreDisk, at: number) => Promise<void>,
) {
  for (let at = 1; ; at++) {
    const disk = new MemoryStoreDisk()
    await prepare(disk)
    disk.calls = 0
    disk.killAt = at
    const ended = await work(disk).then(
      () => 'whole',
      (thrown) => {
        if (!(thrown instanceof Killed)) throw thrown
        return 'killed'
      },
    )
    disk.killAt = Number.POSITIVE_INFINITY
    await check(disk, at)
    if (ended === 'whole') return at
  }
}

test('law: wherever a snapshot is killed, the earlier ones are whole, and it exists whole or not at all', async () => {
  let first: Snapshot | undefined
  const times = await killedEverywhere(
    async (disk) => {
      first = await take(disk, FIRST, '2026-01-01')
    },
    (disk) => take(disk, SECOND, '2026-01-02'),
    async (disk, at) => {
      assert.ok(first)
      await assertHolds(disk, first, FIRST)
      const all = await (await SnapshotStore.open(disk)).list()
      for (const each of all.slice(1)) await assertHolds(disk, each, SECOND)
      const next = await take(disk, SECOND, '2026-01-03')
      await assertHolds(disk, next, SECOND)
      const unfinished = [...disk.files.keys()].filter((name) => name.endsWith('.new') && name.startsWith('data/'))
      assert.equal(unfinished, [], `killed at call ${at}`)
    },
  )
  assert.ok(times > 5)
})

test('law: wherever a prune is killed, all snapshots are whole, and the next prune frees the rest', async () => {
  let second: Snapshot | undefined
  const archives: Archives = { b: [2, 700_000], c: [3, 500_000] }
  const times = await killedEverywhere(
    async (disk) => {
      const first = await take(disk, { a: [1, 2_000_000], b: [2, 700_000] }, '2026-01-01')
      second = await take(disk, archives, '2026-01-02')
      await (await SnapshotStore.open(disk)).remove(first.id)
    },
    async (disk) => (await SnapshotStore.open(disk)).prune(),
    async (disk) => {
      assert.ok(second)
      await assertHolds(disk, second, archives)
      await (await SnapshotStore.open(disk)).prune()
      await assertHolds(disk, second, archives)
      assert.is(await (await SnapshotStore.open(disk)).size(), 1_200_000)
    },
  )
  assert.ok(times > 3)
})

test('an aborted snapshot leaves nothing', async () => {
  const disk = new MemoryStoreDisk()
  const writer = await (await SnapshotStore.open(disk)).begin()
  await writer.add('db', randomStream(1, 3_000_000))
  await writer.abort()
  assert.equal([...disk.files.keys()], [])
})

test('law: a flipped bit in any file is found, or changes nothing', async () => {
  const disk = new MemoryStoreDisk()
  const archives: Archives = { db: [1, 300_000] }
  const snapshot = await take(disk, archives, '2026-01-01')
  let found = 0
  for (const [name, content] of disk.files)
    for (let at = 0; at < content.length; at += Math.ceil(content.length / 97)) {
      const bit = 1 << (at % 8)
      content[at] = (content[at] ?? 0) ^ bit
      const problem = await assertHolds(disk, snapshot, archives).catch((thrown) => thrown)
      content[at] = (content[at] ?? 0) ^ bit
      if (problem instanceof StoreDamaged) found += 1
      else if (problem instanceof Error) assert.match(name, /^snapshots/, `${name} at ${at}: ${problem.stack}`)
    }
  assert.ok(found > 190, `${found} found`)
  await assertHolds(disk, snapshot, archives)
})

test.run()
