import { open, utimes } from 'node:fs/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { VerifiedPack } from '../../src/pack/types.ts'
import { opened, packed, rejection, whole } from './packed.ts'
import { samplePack, textFile } from './sample.ts'

const LARGE = 3 * 512 * 1024
const FILE = 'stack/large.txt'
const source = () => samplePack({ files: [textFile(FILE, 'x'.repeat(LARGE))] })

/** A time of modification, in seconds. */
const TIME = 1_700_000_000

/** Writes a pack and opens it. */
const withPack = (body: (pack: VerifiedPack, file: string) => Promise<void>) =>
  packed(source(), async (file) => {
    await utimes(file, TIME, TIME)
    await opened(file, (pack) => body(pack, file))
  })

/** Changes a byte of the file, whose size and time of modification stay the same. */
async function change(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.write('y', at)
  await handle.close()
  await utimes(file, TIME, TIME)
}

const lastByteOf = ({ members }: VerifiedPack, path: string) => {
  const member = members.find((each) => each.path === `data/${path}`)
  return (member?.offset ?? 0) + (member?.size ?? 0) - 1
}

test('a file that changed after it was verified is noticed, also if its time of modification was set back', () =>
  withPack(async (pack, file) => {
    await change(file, lastByteOf(pack, FILE))
    assert.match(await rejection(whole(pack.content(FILE))), 'changed')
    assert.match(await rejection(whole(pack.images())), 'changed')
  }))

/** The member's content changes once reading has begun; the message names it. */
async function isCompared(read: (pack: VerifiedPack) => AsyncIterable<Uint8Array>, member: RegExp): Promise<void> {
  await withPack(async (pack, file) => {
    const { path = '' } = pack.members.find((each) => member.test(each.path)) ?? {}
    const chunks = read(pack)[Symbol.asyncIterator]()
    await chunks.next()
    await change(file, lastByteOf(pack, path.slice('data/'.length)))
    assert.match(await rejection(whole({ [Symbol.asyncIterator]: () => chunks })), path)
  })
}

test('what is read a second time has the checksum that was verified', async () => {
  await isCompared((pack) => pack.content(FILE), /large\.txt$/)
  await isCompared((pack) => pack.images(), /^data\/images\/blobs/)
})

test.run()
