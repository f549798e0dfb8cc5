import { generateKeyPairSync } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { runProgram } from '../../../src/cli/program.ts'
import { COMMANDS } from '../../../src/command/table.ts'
import { writePack } from '../../../src/pack/write/write-pack.ts'
import { type HostOptions, testHost } from '../../cli/support.ts'
import { GZIP, packed } from '../../pack/packed.ts'
import { pieces, samplePack, volumeArchive } from '../../pack/sample.ts'

async function run(cwd: string, argv: string[], options: HostOptions = {}) {
  const hosted = testHost(argv, { cwd, ...options })
  const code = await runProgram(hosted.host, COMMANDS)
  return { code, out: hosted.out(), err: hosted.err() }
}

test('inspect shows what is in a pack, and needs neither an engine nor a stack file', () =>
  packed(samplePack(), async (file, cwd) => {
    const text = await run(cwd, ['pack', 'inspect', 'lab.flotilla.tar'])
    assert.is(text.code, 0, text.err)
    for (const words of ['lab/one:1', 'data', 'db (postgresql)', 'linux/amd64', 'PASSWORD'])
      assert.match(text.out, words)
    const json = await run(cwd, ['pack', 'inspect', '--format', 'json', file])
    const data = JSON.parse(json.out)
    assert.is(data.index.name, 'lab')
    assert.is(data.size, (await readFile(file)).length)
  }))

test('a pack can come from standard input', () =>
  packed(samplePack(), async (file, cwd) => {
    const stdin = [await readFile(file)]
    const env = { TMPDIR: cwd }
    for (const action of ['inspect', 'verify'])
      assert.is((await run(cwd, ['pack', action, '-'], { stdin, env })).code, 0)
    const cut = [stdin[0]?.subarray(0, -1) ?? Buffer.alloc(0)]
    assert.is((await run(cwd, ['pack', 'verify', '-'], { stdin: cut, env })).code, 1)
  }))

test('verify reads everything, and inspect only headers', () =>
  packed(samplePack(), async (file, cwd) => {
    assert.is((await run(cwd, ['pack', 'verify', file])).code, 0)
    const bytes = await readFile(file)
    const at = bytes.indexOf('services: {}')
    bytes[at] = 0x53
    await writeFile(file, bytes)
    assert.is((await run(cwd, ['pack', 'inspect', file])).code, 0)
    const found = await run(cwd, ['pack', 'verify', file])
    assert.is(found.code, 1)
    assert.match(found.err, 'data/stack/stack.yaml')
  }))

test('verify with a key accepts only a pack that this key signed', () =>
  packed(samplePack(), async (file, cwd) => {
    const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = ({ publicKey }: { publicKey: { export(options: object): string | Buffer } }) =>
      writeFile(join(cwd, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
    const verify = () => run(cwd, ['pack', 'verify', file, '--key', 'key.pem'])
    await pem(own)
    assert.is((await verify()).code, 1)
    const key = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await writePack(file, samplePack(), { ...GZIP, key })
    assert.is((await verify()).code, 0)
    const bytes = await readFile(file)
    const flipped = Buffer.from(bytes)
    const signature = bytes.lastIndexOf('tagmanifest-sha256.txt.sig') < 0 ? 0 : bytes.length - 1024 - 512
    flipped[signature] = (flipped[signature] ?? 0) ^ 1
    await writeFile(file, flipped)
    assert.is((await verify()).code, 1)
    await writeFile(file, bytes)
    for (const pair of [other, rsa]) {
      await pem(pair as typeof own)
      assert.is((await verify()).code, 1)
    }
  }))

test('diff shows which contents differ, whatever the compression, and its exit code says so', () =>
  packed(samplePack(), async (file, cwd) => {
    const other = join(cwd, 'other.tar')
    await writePack(other, samplePack(), { ...GZIP, compress: 'none' })
    assert.is((await run(cwd, ['pack', 'diff', file, 'other.tar'])).code, 0)
    const source = samplePack({ volumes: [{ name: 'data', open: () => pieces(volumeArchive('y')) }], dumps: [] })
    await writePack(other, { ...source, files: source.files.slice(1) }, GZIP)
    const { code, out } = await run(cwd, ['pack', 'diff', file, 'other.tar', '--format', 'json'])
    assert.is(code, 2)
    assert.equal(JSON.parse(out), [
      { what: 'dumps/db.sql', kind: 'removed' },
      { what: 'stack/stack.yaml', kind: 'removed' },
      { what: 'volumes/data.tar', kind: 'changed' },
    ])
  }))

test('wrong numbers of packs, and files that are none, are refused', () =>
  packed(samplePack(), async (file, cwd) => {
    for (const args of [
      ['inspect'],
      ['inspect', file, file],
      ['diff', file],
      ['verify', 'none.tar'],
      ['verify', cwd],
      ['verify', ''],
    ])
      assert.is.not((await run(cwd, ['pack', ...args])).code, 0, args.join(' '))
  }))

test.run()
