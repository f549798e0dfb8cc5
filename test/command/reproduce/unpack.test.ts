import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readTar } from '../../../src/archive/read-tar.ts'
import { type TarEntry, tarOf } from '../../../src/archive/tar.ts'
import { OURS } from '../../../src/backend/docker/labels.ts'
import { engineTransfer } from '../../../src/backend/engine/transfer/transfer.ts'
import type { ImageContent } from '../../../src/backend/transfer.ts'
import { EngineError } from '../../../src/docker/port.ts'
import { contentId } from '../../../src/lockfile/content-id.ts'
import type { DumpSource, PackSource } from '../../../src/pack/types.ts'
import { writePack } from '../../../src/pack/write/write-pack.ts'
import { GZIP, signal, whole } from '../../pack/packed.ts'
import { ABOUT, pieces, textFile } from '../../pack/sample.ts'
import type { ImageFixture } from '../../support/memory/fixture.ts'
import { memoryEngine } from '../../support/memory-engine.ts'
import { type Lab, withLab } from '../support.ts'

const STACK = `
name: lab
services:
  db:
    image: "mysql:1"
    environment: { MYSQL_ROOT_PASSWORD_FILE: /run/secrets/root, MYSQL_PASSWORD: "\${DB_PASSWORD:?}", KEY: "\${API_KEY:-}" }
    secrets: [root]
    volumes: [ "db-data:/var/lib/mysql" ]
  web: { image: "app:1", volumes: [ "data:/data", "./work:/work" ] }
volumes: { data: { labels: { mine: "1" } }, db-data: {} }
secrets: { root: { file: ./secrets/root.txt } }
`

const IMAGES: Record<string, ImageFixture> = {
  'app:1': { cmd: ['serve'], content: 'packed' },
  'mysql:1': { cmd: ['mysqld'], volumes: ['/var/lib/mysql'], readsInput: true },
}

const VOLUME: (TarEntry & { content?: Uint8Array })[] = [
  { path: 'volume', type: 'directory', mode: 0o750, uid: 5 },
  { path: 'volume/kept', type: 'file', mode: 0o600, uid: 5, content: Buffer.from('what the volume holds') },
]

async function packSource(): Promise<PackSource> {
  const engine = memoryEngine({ images: IMAGES })
  const { images } = engineTransfer(engine)
  const found = await Promise.all(Object.keys(IMAGES).map((name) => images.find(name, signal)))
  const sources = found.map((image, at) => {
    const name = Object.keys(IMAGES)[at] ?? ''
    const services = name === 'app:1' ? ['web'] : ['db']
    return { saved: name, names: [name], contentId: contentId(image as ImageContent), services }
  })
  return {
    name: 'lab',
    about: {
      ...ABOUT,
      secrets: [
        { name: 'root', from: 'file', place: 'secrets/root.txt' },
        { name: 'DB_PASSWORD', from: 'variable', place: 'DB_PASSWORD' },
        { name: 'API_KEY', from: 'variable', place: 'API_KEY' },
      ],
    },
    files: [
      textFile('stack/.env', 'PORT=1\nDB_PASSWORD=\n'),
      textFile('stack/run.sh', '#!/bin/sh\n', true),
      textFile('stack/stack.yaml', STACK),
      textFile('stack/work/a.txt', 'a'),
      {
        path: 'files/stack.tar',
        open: () =>
          pieces(
            tarOf([
              { path: 'stack', type: 'directory', mode: 0o755 },
              { path: 'stack/work', type: 'directory', mode: 0o755 },
              { path: 'stack/work/50%', type: 'file', mode: 0o640, content: Buffer.from('odd') },
              { path: 'stack/work/link', type: 'symlink', mode: 0o777, linkTarget: 'a.txt' },
            ]),
          ),
      },
    ],
    images: { images: sources, open: () => images.out(Object.keys(IMAGES), signal) },
    volumes: [{ name: 'data', open: () => pieces(tarOf(VOLUME)) }],
    dumps: [
      { service: 'db', family: 'mysql', volume: 'db-data', open: () => pieces(Buffer.from('CREATE DATABASE lab;\n')) },
    ],
  }
}

/** A lab with a pack, beside which nothing is, and an engine without images. */
async function withPack(
  body: (lab: Lab) => Promise<void>,
  change: Partial<PackSource> = {},
  images = {},
): Promise<void> {
  const source = await packSource()
  await withLab({}, { images }, async (lab) => {
    await writePack(join(lab.directory, 'lab.tar'), { ...source, ...change }, GZIP)
    await body(lab)
  })
}

const NO_DUMPS = { dumps: [] }
const UNPACK = ['unpack', 'lab.tar']

async function succeeded(lab: Lab, ...argv: string[]): Promise<string> {
  const { code, out, err } = await lab.run(...argv)
  assert.is(code, 0, `${argv.join(' ')}: ${err}`)
  return out + err
}

async function volumeText({ engine }: Lab, name: string): Promise<string> {
  const [image = ''] = (await engine.listImages()).flatMap(({ tags }) => tags)
  const all = engineTransfer(engine).volumes.out(name, { project: 'lab', image }, signal)
  for await (const { path, content } of readTar(all))
    if (path === 'volume/kept') return (await whole(content)).toString()
  return ''
}

/** Nothing is left that only unpacking needs. */
async function isClean({ engine, directory }: Lab): Promise<void> {
  assert.equal(await engine.listContainers({ labels: [OURS.filling] }), [])
  assert.equal(
    readdirSync(directory).filter((name) => name.startsWith('.flotilla')),
    [],
  )
}

test('unpack brings files, images, volumes and fresh secrets, and up works with none given', () =>
  withPack(async (lab) => {
    await succeeded(lab, ...UNPACK)
    const inside = (...path: string[]) => join(lab.directory, 'lab', ...path)
    assert.is(readFileSync(inside('stack.yaml'), 'utf8'), STACK)
    assert.equal(readdirSync(inside('work')).sort(), ['50%', 'a.txt', 'link'])
    assert.is(statSync(inside('run.sh')).mode & 0o111, 0o111)
    assert.match(readFileSync(inside('.env'), 'utf8'), /^PORT=1\nDB_PASSWORD=[0-9a-f]{32}\n$/)
    assert.match(readFileSync(inside('secrets', 'root.txt'), 'utf8'), /^[0-9a-f]{32}$/)
    for (const path of ['.env', 'secrets/root.txt']) assert.is(statSync(inside(path)).mode & 0o777, 0o600)
    assert.equal(readdirSync(inside()).sort(), ['.env', 'run.sh', 'secrets', 'stack.yaml', 'work'])
    assert.is(await volumeText(lab, 'lab_data'), 'what the volume holds')
    await isClean(lab)
    await succeeded(lab, '-f', 'lab/stack.yaml', 'up', '-d')
    const volume = await lab.engine.inspectVolume('lab_data')
    assert.is(volume?.labels.mine, '1')
  }, NO_DUMPS))

test('a second copy beside the first has its own volumes; the same name twice is refused', () =>
  withPack(async (lab) => {
    await succeeded(lab, ...UNPACK)
    await succeeded(lab, '-p', 'second', ...UNPACK, '-o', 'deep/second')
    assert.match(readFileSync(join(lab.directory, 'deep/second/.env'), 'utf8'), 'COMPOSE_PROJECT_NAME=second')
    assert.is(await volumeText(lab, 'second_data'), 'what the volume holds')
    const before = await lab.engine.listVolumes({})
    for (const more of [[], ['-o', 'third']]) assert.is((await lab.run(...UNPACK, ...more)).code, 1, more.join(' '))
    assert.equal(await lab.engine.listVolumes({}), before)
    assert.equal(readdirSync(lab.directory).sort(), ['deep', 'lab', 'lab.tar'])
    await isClean(lab)
  }, NO_DUMPS))

test('a file that is there is not overwritten, and a name of another image moves only when asked', () =>
  withPack(
    async (lab) => {
      const other = (await lab.engine.inspectImage('app:1'))?.id
      mkdirSync(join(lab.directory, 'lab'))
      writeFileSync(join(lab.directory, 'lab', 'mine'), 'mine')
      const refused = await lab.run(...UNPACK, '--replace-tags')
      assert.is(refused.code, 1)
      assert.equal(readdirSync(join(lab.directory, 'lab')), ['mine'])
      const kept = await lab.run(...UNPACK, '-o', 'new')
      assert.is(kept.code, 1)
      assert.match(kept.err, 'app:1')
      assert.is((await lab.engine.inspectImage('app:1'))?.id, other)
      assert.equal([existsSync(join(lab.directory, 'new')), await lab.engine.listVolumes({})], [false, []])
      await succeeded(lab, ...UNPACK, '-o', 'new', '--replace-tags')
      assert.is.not((await lab.engine.inspectImage('app:1'))?.id, other)
    },
    NO_DUMPS,
    { 'app:1': { content: 'another' } },
  ))

test('another platform is refused, and so is a pack with a flipped bit: nothing of it reaches the engine', async () => {
  const about = { ...(await packSource()).about, platform: 'linux/arm64' }
  await withPack(
    async (lab) => {
      const { code, err } = await lab.run(...UNPACK)
      assert.equal([code, /linux\/arm64/.test(err), await lab.engine.listImages()], [1, true, []])
    },
    { ...NO_DUMPS, about },
  )
  await withPack(async (lab) => {
    const path = join(lab.directory, 'lab.tar')
    const bytes = readFileSync(path)
    const at = bytes.indexOf('PORT=1')
    bytes[at] = 0x51
    writeFileSync(path, bytes)
    lab.engine.calls.length = 0
    assert.is((await lab.run(...UNPACK)).code, 1)
    assert.equal(lab.engine.calls, [])
  }, NO_DUMPS)
})

test('a pack comes from standard input; --dry-run only verifies it', () =>
  withPack(async (lab) => {
    const stdin = [readFileSync(join(lab.directory, 'lab.tar'))]
    await succeeded(lab, '--dry-run', ...UNPACK)
    assert.equal(readdirSync(lab.directory), ['lab.tar'])
    const { code, err } = await lab.begin(['unpack', '-'], { stdin, env: { TMPDIR: lab.directory } }).ended
    assert.is(code, 0, err)
    assert.ok(existsSync(join(lab.directory, 'lab', 'stack.yaml')))
  }, NO_DUMPS))

/** Fails the n-th call to the engine that changes something, after the engine carried it out, and all calls after it: the process is killed. */
function killAt({ engine }: Lab, moment: number): { isOver(): boolean; end(): void } {
  let changes = 0
  const isChange = (method: string) => /^(?:attach|connect|create|load|put|remove|start|stop|tag)/.test(method)
  const kill = () => {
    throw new EngineError('killed', 500)
  }
  engine.hooks.before = () => {
    if (changes >= moment) kill()
  }
  engine.hooks.after = ({ method }) => {
    if (isChange(method)) changes++
    if (changes >= moment) kill()
  }
  return {
    isOver: () => changes < moment,
    end: () => {
      engine.hooks.before = () => undefined
      engine.hooks.after = () => undefined
    },
  }
}

/** What a killed command left counts as nothing: `up` refuses it, or there is nothing that it could take. */
async function isHalf(lab: Lab, about: string): Promise<void> {
  const half = (await lab.engine.listVolumes({})).filter(({ name }) => name.startsWith('lab_'))
  if (half.length === 0 || existsSync(join(lab.directory, 'lab'))) return
  lab.write({ 'stack.yaml': STACK.replace(':?', ':-x').replace('secrets: [root]', '') })
  const { code, err } = await lab.run('up', '-d')
  assert.equal([code, /half-unpacked|image-unavailable|other-directory/.test(err)], [1, true], `${about}: ${err}`)
}

test('killed after any change of the engine, nothing half-made counts as whole, and the same command then succeeds', () =>
  withPack(async (packing) => {
    const bytes = readFileSync(join(packing.directory, 'lab.tar'))
    for (let moment = 1, isOver = false; !isOver; moment++) {
      await withLab({}, {}, async (lab) => {
        writeFileSync(join(lab.directory, 'lab.tar'), bytes)
        const killing = killAt(lab, moment)
        const { code } = await lab.run(...UNPACK)
        killing.end()
        isOver = killing.isOver()
        assert.is(code === 0, isOver)
        await isHalf(lab, `change ${moment}`)
        if (code !== 0) await succeeded(lab, ...UNPACK)
        assert.is(await volumeText(lab, 'lab_data'), 'what the volume holds', `change ${moment}`)
        await isClean(lab)
        if (isOver) assert.ok(moment > 15)
      })
    }
  }))

test('killed at the end, it later releases its own volumes, and not those that another command is filling', () =>
  withPack(async (lab) => {
    lab.engine.hooks.before = () => {
      if (existsSync(join(lab.directory, 'lab'))) throw new EngineError('killed', 500)
    }
    assert.is((await lab.run(...UNPACK)).code, 1)
    lab.engine.hooks.before = () => undefined
    const { volumes } = engineTransfer(lab.engine)
    await volumes.clear('lab', { halfFilled: true }, signal)
    await volumes.hold({ name: 'lab_data', key: 'data', labels: {} }, { project: 'lab', image: 'app:1' }, signal)
    await succeeded(lab, ...UNPACK)
    assert.is((await lab.engine.listContainers({ labels: [OURS.filling] })).length, 1)
  }, NO_DUMPS))

test('interrupted, it removes what it has made; what it could not remove is removed by the next one', () =>
  withPack(async (lab) => {
    for (const method of ['loadImages', 'putArchive', 'startContainer', 'attachExec']) {
      const running = lab.begin(UNPACK)
      lab.engine.hooks.before = (call) => {
        if (call.method === method) running.interrupt()
      }
      const { code, err } = await running.ended
      assert.is(code, 130, `${method}: ${err}`)
      lab.engine.hooks.before = () => undefined
      assert.equal(readdirSync(lab.directory), ['lab.tar'], method)
      const whole = (await lab.engine.listVolumes({})).filter(({ name }) => name === 'lab_data')
      assert.ok(whole.length === 0 || (await lab.engine.listContainers({ labels: [OURS.filling] })).length > 0, method)
    }
    await succeeded(lab, ...UNPACK)
    await isClean(lab)
  }))

test('a dump is loaded into a server on fresh passwords, which is then taken down; up starts it again', () =>
  withPack(async (lab) => {
    await succeeded(lab, ...UNPACK)
    assert.equal(await lab.engine.listContainers({}), [])
    const volume = await lab.engine.inspectVolume('lab_db-data')
    assert.ok(volume && OURS.initials in volume.labels && OURS.fillingId in volume.labels)
    await isClean(lab)
    await succeeded(lab, '-f', 'lab/stack.yaml', 'up', '-d')
  }))

/** A pack whose stack file is another one. */
async function withStack(stack: string, parts: Partial<PackSource> = {}): Promise<Partial<PackSource>> {
  const { files } = await packSource()
  const own = files.map((file) => (file.path === 'stack/stack.yaml' ? textFile(file.path, stack) : file))
  return { files: own, ...parts }
}

/** The one dump of the pack, changed. */
async function dumpsOf(change: Partial<DumpSource>): Promise<DumpSource[]> {
  const [dump] = (await packSource()).dumps
  assert.ok(dump)
  return [{ ...dump, ...change }]
}

/** The one dump of the pack, without the name of the volume that it replaces. */
async function unnamedDump(): Promise<DumpSource[]> {
  return (await dumpsOf({})).map(({ volume: _, ...dump }) => dump)
}

/** Unpacking fails with this, and neither a volume nor a container nor the folder is made. */
async function isRefused(change: Partial<PackSource>, words: RegExp): Promise<void> {
  await withPack(async (lab) => {
    const { code, err } = await lab.run(...UNPACK)
    assert.is(code, 1, `${words} is not refused`)
    assert.match(err, words)
    const made = lab.engine.calls.filter(({ method }) => /^(?:createContainer|createVolume|start)/.test(method))
    assert.equal(made, [])
    assert.equal([await lab.engine.listVolumes({}), existsSync(join(lab.directory, 'lab'))], [[], false])
    await isClean(lab)
  }, change)
}

test('a volume behind which a folder, a share or another driver is does not get data: it may hold some', async () => {
  const volumes = [
    '{ driver_opts: { type: none, o: bind, device: /srv/data } }',
    '{ driver_opts: { type: nfs, o: "addr=10.0.0.1,rw", device: ":/export" } }',
    '{ driver_opts: { type: tmpfs, device: tmpfs } }',
    '{ driver: elsewhere }',
  ]
  const fills = [
    { from: 'data: { labels: { mine: "1" } }', to: 'data', parts: NO_DUMPS },
    { from: 'db-data: {}', to: 'db-data', parts: { volumes: [] } },
  ]
  for (const volume of volumes)
    for (const { from, to, parts } of fills)
      await isRefused(await withStack(STACK.replace(from, `${to}: ${volume}`), parts), /may hold data already/)
})

test('a volume is made as the stack file declares it, whatever the pack says about its options', async () => {
  const [volume] = (await packSource()).volumes
  assert.ok(volume)
  const options = { type: 'none', o: 'bind', device: '/etc' }
  await withPack(
    async (lab) => {
      await succeeded(lab, ...UNPACK)
      assert.equal((await lab.engine.inspectVolume('lab_data'))?.options, {})
    },
    { ...NO_DUMPS, volumes: [{ ...volume, driver: 'other', options }] },
  )
})

/** The stack with other lines for the service of its database. */
const withDb = (volumes: string, more = '') =>
  STACK.replace('[ "db-data:/var/lib/mysql" ]', `${volumes}${more && `\n    ${more}`}`)

/** The images of the pack, the one of the service `web` with these names. */
async function webImage(...names: string[]): Promise<Partial<PackSource>> {
  const { images } = await packSource()
  assert.ok(images)
  const named = images.images.map((image) => (image.services.includes('web') ? { ...image, names } : image))
  return { ...NO_DUMPS, images: { ...images, images: named } }
}

test('images get only names that the stack uses', async () => {
  await withPack(
    async (lab) => {
      await succeeded(lab, ...UNPACK)
      const tags = (await lab.engine.listImages()).flatMap((image) => image.tags)
      assert.equal(tags.sort(), ['app:1', 'mysql:1'])
    },
    await webImage('app:1', 'debian:latest'),
  )
})

test('an image that the stack builds has the name of the project that it is unpacked as', async () => {
  const built = STACK.replace('web: { image: "app:1"', 'web: { build: ./work')
  const { files } = await withStack(built)
  await withPack(
    async (lab) => {
      await succeeded(lab, '-p', 'second', ...UNPACK, '-o', 'second')
      const tags = (await lab.engine.listImages()).flatMap((image) => image.tags)
      assert.equal(tags.sort(), ['mysql:1', 'second-web:latest'])
      await succeeded(lab, ...UNPACK)
      assert.ok(await lab.engine.inspectImage('lab-web'))
    },
    { ...(await webImage('lab-web')), ...(files && { files }) },
  )
})

test('a name that another image gets while images are loaded stays there', async () => {
  const others = { 'other:1': { content: 'another' } }
  await withPack(
    async (lab) => {
      const other = (await lab.engine.inspectImage('other:1'))?.id ?? ''
      lab.engine.hooks.after = async ({ method }) => {
        if (method === 'loadImages') await lab.engine.behindTheBack.tagImage(other, 'app:1')
      }
      const before = await lab.engine.listImages()
      assert.is((await lab.run(...UNPACK)).code, 1)
      assert.is((await lab.engine.inspectImage('app:1'))?.id, other)
      assert.is((await lab.engine.listImages()).length, before.length)
      assert.equal([await lab.engine.listVolumes({}), existsSync(join(lab.directory, 'lab'))], [[], false])
      lab.engine.hooks.after = () => undefined
      await succeeded(lab, ...UNPACK, '--replace-tags')
      assert.is.not((await lab.engine.inspectImage('app:1'))?.id, other)
    },
    NO_DUMPS,
    others,
  )
})

test('a dump whose server keeps no data is refused: what is loaded would be lost', async () => {
  for (const volumes of ['[]', '[ "/var/lib/mysql" ]', '[ "db-data:/backup" ]', '[ "db-data:/var/lib/mysql:ro" ]'])
    await isRefused(await withStack(withDb(volumes), { dumps: await unnamedDump() }), /would be lost/)
})

test('a dump for a service that is no such server is refused: nothing of the pack is run', async () => {
  const own = '[ "db-data:/var/lib/mysql" ]'
  const others = [
    { stack: withDb(own, 'command: [ "sh", "-c", "true" ]'), dump: {} },
    { stack: withDb(own, 'entrypoint: [ "/run.sh" ]'), dump: {} },
    { stack: STACK, dump: { service: 'web', volume: 'data' } },
    { stack: STACK, dump: { family: 'postgresql' } as const },
  ]
  for (const { stack, dump } of others)
    await isRefused(
      await withStack(stack, { volumes: [], dumps: await dumpsOf(dump) }),
      /no (?:mysql|postgresql) server/,
    )
  await isRefused({ dumps: await dumpsOf({ service: 'other' }) }, /no service "other"/)
})

test('a database that would reach more of the machine than its own files is not started', async () => {
  const rights = [
    ['', 'privileged: true'],
    ['', 'pid: host'],
    ['', 'network_mode: "container:other"'],
    ['', 'cap_add: [ SYS_NICE, CAP_SYS_ADMIN ]'],
    ['', 'devices: [ "/dev/kmsg" ]'],
    ['', 'use_api_socket: true'],
    ['', 'post_start: [ { command: [ "id" ], privileged: true } ]'],
    [', "/var/run/docker.sock:/var/run/docker.sock"', ''],
    [', "/etc:/host:ro"', ''],
    [', "../../..:/host"', ''],
  ]
  for (const [mount = '', line = ''] of rights)
    await isRefused(await withStack(withDb(`[ "db-data:/var/lib/mysql"${mount} ]`, line)), /is not started to load/)
  const usual = withDb('[ "db-data:/var/lib/mysql", "./conf:/etc/mysql:ro", "/etc/localtime:/etc/localtime:ro" ]')
  await withPack((lab) => succeeded(lab, ...UNPACK).then(() => isClean(lab)), await withStack(usual))
})

test('a server never starts on data that exist, also if the pack does not name the volume', async () => {
  const dumps = await unnamedDump()
  for (const declared of ['{}', '{ external: true, name: lab_db-data }']) {
    const stack = STACK.replace('db-data: {}', `db-data: ${declared}`)
    await withPack(
      async (lab) => {
        await lab.engine.createVolume({ Name: 'lab_db-data' })
        lab.engine.calls.length = 0
        const { code, err } = await lab.run(...UNPACK)
        assert.is(code, 1)
        assert.match(err, 'lab_db-data')
        assert.not(lab.engine.calls.some(({ method }) => method === 'startContainer'))
        assert.equal(
          (await lab.engine.listVolumes({})).map(({ name }) => name),
          ['lab_db-data'],
        )
        await isClean(lab)
      },
      await withStack(stack, { dumps }),
    )
  }
})

test('the server of a database also uses volumes that are filled from archives', async () => {
  const stack = STACK.replace('"db-data:/var/lib/mysql"', '"db-data:/var/lib/mysql", "data:/backup"')
  await withPack(
    async (lab) => {
      await succeeded(lab, ...UNPACK)
      assert.is(await volumeText(lab, 'lab_data'), 'what the volume holds')
      await isClean(lab)
      await succeeded(lab, '-f', 'lab/stack.yaml', 'up', '-d')
    },
    await withStack(stack),
  )
})

test.run()
