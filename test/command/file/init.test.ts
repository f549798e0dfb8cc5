import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../../src/cli/write-whole.ts'
import { TEMPLATES } from '../../../src/init/templates.ts'
import type { HostOptions } from '../../cli/support.ts'
import { type Lab, withLab } from '../support.ts'

const IMAGES = Object.fromEntries(TEMPLATES.map(({ image }) => [image, {}]))

async function inFolder(body: (at: Lab) => Promise<void>): Promise<void> {
  await withLab({}, { images: IMAGES }, body)
}

const init = (at: Lab, argv: string[], options: HostOptions = {}) =>
  at.begin(argv, { writeFile: writeWhole, ...options }).ended

const read = (at: Lab, name: string) => readFileSync(join(at.directory, name), 'utf8')
const modeOf = (at: Lab, name: string) => statSync(join(at.directory, name)).mode & 0o777

for (const { name } of TEMPLATES)
  test(`the files that init writes for ${name} come up unchanged, and are complete`, () =>
    inFolder(async (at) => {
      const { code, err } = await init(at, ['init', name, 'jupyter', '--name', 'shop'])
      assert.equal([code, err], [0, ''])
      assert.equal(await at.run('config', '-q'), { code: 0, out: '', err: '' })
      const up = await at.run('--progress', 'json', 'up', '-d')
      assert.is(up.code, 0, up.err)
      const listed = await at.run('ps', '--format', '{{.Service}}')
      assert.equal([...new Set(listed.out.trim().split('\n'))].sort(), [...new Set([name, 'jupyter'])].sort())
      assert.is((await at.run('plan')).code, 0)
      assert.is(modeOf(at, '.env'), 0o600)
      assert.is(read(at, '.gitignore'), '.env\n')
      for (const value of secretsIn(at)) assert.not.match(read(at, 'stack.yaml'), value)
    }))

function secretsIn(at: Lab): string[] {
  return [...read(at, '.env').matchAll(/^\w+=([0-9a-f]{32})$/gm)].map(([, value = '']) => value)
}

test('each stack gets secrets of its own', () =>
  inFolder(async (at) => {
    await init(at, ['init', 'mysql', '-o', 'one/stack.yaml'])
    await init(at, ['init', 'mysql', '-o', 'two/stack.yaml'])
    const all = ['one', 'two'].flatMap((name) => read(at, `${name}/.env`).match(/[0-9a-f]{32}/g) ?? [])
    assert.is(new Set(all).size, 4)
  }))

for (const name of ['stack.yaml', 'compose.yaml', 'docker-compose.yml'])
  test(`a ${name} is not overwritten, and nothing is written beside it`, () =>
    inFolder(async (at) => {
      at.write({ [name]: 'services: {}\n' })
      const { code, err } = await init(at, ['init', 'mysql'])
      assert.is(code, 1)
      assert.match(err, name)
      assert.equal(readdirSync(at.directory), [name])
    }))

test('--force replaces the stack file that would be written, and nothing else', () =>
  inFolder(async (at) => {
    at.write({ 'stack.yaml': 'services: {}\n' })
    assert.is((await init(at, ['init', 'mysql', '--force'])).code, 0)
    assert.match(read(at, 'stack.yaml'), 'mysql:8.4')
    at.write({ 'compose.yaml': 'services: {}\n' })
    mkdirSync(join(at.directory, 'folder.yaml'))
    for (const argv of [[], ['-o', 'folder.yaml']])
      assert.is((await init(at, ['init', 'redis', '--force', ...argv])).code, 1)
    assert.match(read(at, 'stack.yaml'), 'mysql:8.4')
  }))

test('.env keeps its values and gets what it lacks; nobody else can read it any more', () =>
  inFolder(async (at) => {
    at.write({ '.env': 'MYSQL_PASSWORD=mine\nMYSQL_ROOT_PASSWORD=\nOTHER="x y"', '.gitignore': 'data\n' })
    assert.is((await init(at, ['init', 'mysql'])).code, 0)
    assert.ok(read(at, '.env').startsWith('MYSQL_PASSWORD=mine\nMYSQL_ROOT_PASSWORD=\nOTHER="x y"\n'))
    assert.is(secretsIn(at).length, 1)
    assert.is(modeOf(at, '.env'), 0o600)
    assert.is(read(at, '.gitignore'), 'data\n.env\n')
    assert.equal(await at.run('config', '-q'), { code: 0, out: '', err: '' })
    const again = [read(at, '.env'), read(at, '.gitignore')]
    assert.is((await init(at, ['init', 'mysql', '--force'])).code, 0)
    assert.equal([read(at, '.env'), read(at, '.gitignore')], again)
  }))

test('an .env that cannot be read stops it before the stack file', () =>
  inFolder(async (at) => {
    at.write({ '.env': 'not a variable\n' })
    assert.is((await init(at, ['init', 'mysql'])).code, 1)
    assert.not.ok(existsSync(join(at.directory, 'stack.yaml')))
    assert.is(read(at, '.env'), 'not a variable\n')
  }))

test('a port that is taken on this machine is moved in .env', () =>
  inFolder(async (at) => {
    const server = createServer()
    const isMine = await new Promise<boolean>((resolve) => {
      server.on('error', () => resolve(false)).listen(27017, '127.0.0.1', () => resolve(true))
    })
    try {
      await init(at, ['init', 'mongo'])
      const port = /^MONGO_PORT=(\d+)$/m.exec(read(at, '.env'))?.[1]
      assert.ok(Number(port) > 27017)
      const { out } = await at.run('config', '--format', 'json')
      assert.is(JSON.parse(out).services.mongo.ports[0].published, port)
    } finally {
      if (isMine) server.close()
    }
  }))

test('--dry-run prints what would be written, and writes nothing', () =>
  inFolder(async (at) => {
    const printed = await init(at, ['--dry-run', 'init', 'postgis', 'adminer', '--name', 'maps'])
    assert.equal([printed.code, printed.err, readdirSync(at.directory)], [0, '', []])
    await init(at, ['init', 'postgis', 'adminer', '--name', 'maps'])
    assert.is(read(at, 'stack.yaml'), printed.out)
  }))

test('--list names every template with its image', () =>
  inFolder(async (at) => {
    const { out } = await init(at, ['init', '--list'])
    for (const { name, image } of TEMPLATES) assert.match(out, new RegExp(`^${name} +${image}  `, 'm'))
  }))

test('the names of templates are completed', () =>
  inFolder(async (at) => {
    const offered = async (...words: string[]) => (await at.run('__completeNoDesc', 'init', ...words)).out
    assert.is(await offered('mysql', 'post'), 'postgres\npostgis\n:4\n')
    assert.is(await offered(''), `${TEMPLATES.map(({ name }) => name).join('\n')}\n:4\n`)
  }))

test('unknown templates are named together, with what was meant', () =>
  inFolder(async (at) => {
    const { code, err } = await init(at, ['init', 'postgress', 'nosuch', 'mongodb'])
    assert.is(code, 1)
    for (const word of ['postgress', 'nosuch', 'mongodb', '"postgres"', '"mongo"', 'elasticsearch'])
      assert.match(err, word)
    assert.equal(readdirSync(at.directory), [])
  }))

test('without templates it asks for them and for a name; without a user it says so', () =>
  inFolder(async (at) => {
    const questions: string[] = []
    const answering = (names: string[], name: string): HostOptions => ({
      choose: async (question) => {
        questions.push(question)
        return names
      },
      ask: async (question) => {
        questions.push(question)
        return name
      },
    })
    assert.is((await init(at, ['init'])).code, 1)
    assert.is((await init(at, ['init'], answering([], ''))).code, 0)
    assert.equal(readdirSync(at.directory), [])
    questions.length = 0
    assert.is((await init(at, ['init'], answering(['redis'], 'cache\n'))).code, 0)
    assert.is(questions.length, 2)
    assert.match(read(at, 'stack.yaml'), /^name: cache$/m)
  }))

test('an invalid answer is asked for again, with the reason, and the other answers are kept', () =>
  inFolder(async (at) => {
    const choices = [['nosuch', 'redis'], ['redis']]
    const names = ['Not Valid', '-x', 'cache']
    const { code, err } = await init(at, ['init'], {
      choose: async () => choices.shift() ?? [],
      ask: async () => names.shift() ?? '',
    })
    assert.is(code, 0)
    for (const invalid of ['nosuch', 'Not Valid', '-x']) assert.match(err, `"${invalid}"`)
    const text = read(at, 'stack.yaml')
    assert.match(text, /^name: cache$/m)
    assert.match(text, /^ {2}redis:$/m)
    assert.is((await init(at, ['--dry-run', 'init', 'redis', '--name', 'Not Valid'])).code, 1)
  }))

test('the stack is written where -o, -f or --project-directory say, and its commands name it', () =>
  inFolder(async (at) => {
    mkdirSync(join(at.directory, 'lab'))
    const cases: [argv: string[], file: string][] = [
      [['init', 'redis', '-o', 'a.yaml'], 'a.yaml'],
      [['-f', 'b.yaml', 'init', 'redis'], 'b.yaml'],
      [['--project-directory', 'lab', 'init', 'redis'], 'lab/stack.yaml'],
    ]
    for (const [argv, file] of cases) {
      const { code, out } = await init(at, argv)
      assert.is(code, 0)
      assert.match(out, `flotilla -f ${file} up -d --wait`)
      assert.equal(await at.run('-f', file, 'config', '-q'), { code: 0, out: '', err: '' })
    }
  }))

test('a folder without a stack file leads to init: the program alone, and commands that need one', () =>
  inFolder(async (at) => {
    for (const argv of [[], ['up'], ['ps']]) {
      const { out, err } = await at.run(...argv)
      assert.match(out + err, 'flotilla init', argv.join())
    }
    writeFileSync(join(at.directory, 'stack.yaml'), 'services: {}\n')
    assert.not.match((await at.run()).out, 'flotilla init writes')
  }))

test.run()
