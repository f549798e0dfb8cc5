import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Lab, withLab } from './support.ts'

/** Two directories whose stacks have one name. */

const IMAGES = { 'app:1': { cmd: ['serve'] } }
const WEB = 'services: { web: { image: "app:1" }, db: { image: "app:1" } }\n'
const OTHER = 'services: { web: { image: "app:1" }, job: { image: "app:1" } }\n'

function inTwo(
  name: string,
  body: (own: Lab & { in(directory: string, line: string): ReturnType<Lab['run']> }) => Promise<void>,
) {
  test(name, async () => {
    await withLab({ 'a/shop/stack.yaml': WEB, 'b/shop/stack.yaml': OTHER }, { images: IMAGES }, async (own) => {
      await body({
        ...own,
        in: (directory, line) => own.begin(line.split(' '), { cwd: join(own.directory, directory) }).ended,
      })
    })
  })
}

function namesIn({ engine }: Lab): string[] {
  return [...engine.world.containers.values()].map(({ name }) => name).sort()
}

function idsIn({ engine }: Lab): string[] {
  return [...engine.world.containers.keys()].sort()
}

for (const line of [
  'up -d',
  'up -d web',
  'plan',
  'plan web',
  'create',
  'scale job=2',
  'run -d web',
  '--dry-run up',
  'up -d --remove-orphans',
  '-p shop up -d',
])
  inTwo(`${line}: says which directory brought the project up, and touches nothing`, async (two) => {
    assert.is((await two.in('a/shop', 'up -d')).code, 0)
    const before = idsIn(two)
    const { code, err } = await two.in('b/shop', line)
    assert.is(code, 1)
    assert.match(err, `error[other-directory]: project shop was brought up from ${join(two.directory, 'a/shop')}\n`)
    for (const cure of ['-p NAME', 'name:', '--take-over']) assert.ok(err.includes(cure), cure)
    assert.equal(idsIn(two), before)
    assert.is((await two.in('a/shop', 'plan')).code, 0)
  })

inTwo('another name is the way out', async (two) => {
  await two.in('a/shop', 'up -d')
  assert.is((await two.in('b/shop', '-p other up -d')).code, 0)
  assert.equal(namesIn(two), ['other-job-1', 'other-web-1', 'shop-db-1', 'shop-web-1'])
})

inTwo('--take-over replaces the containers, after which nobody is asked', async (two) => {
  await two.in('a/shop', 'up -d')
  const before = idsIn(two)
  assert.is((await two.in('b/shop', 'plan --take-over')).code, 2)
  assert.match((await two.in('b/shop', '--dry-run up --take-over')).out, 'it was brought up from')
  const taken = await two.in('b/shop', 'up -d --take-over')
  assert.is(taken.code, 0, taken.err)
  assert.equal(namesIn(two), ['shop-db-1', 'shop-job-1', 'shop-web-1'])
  assert.is(idsIn(two).filter((id) => before.includes(id)).length, 1, 'what is declared in both is replaced')
  assert.is((await two.in('b/shop', 'plan')).code, 0)
  assert.is((await two.in('b/shop', 'up -d --remove-orphans')).code, 0)
  assert.equal(namesIn(two), ['shop-job-1', 'shop-web-1'])
  assert.is((await two.in('a/shop', 'plan')).code, 1)
})

inTwo('a directory that is gone, or the same by a link or its file, is no reason to ask', async (two) => {
  await two.in('a/shop', 'up -d')
  mkdirSync(join(two.directory, 'c'))
  symlinkSync(join(two.directory, 'a/shop'), join(two.directory, 'c/shop'))
  assert.is((await two.in('c/shop', 'plan')).code, 0)
  assert.is((await two.in('c', `-f ../a/shop/stack.yaml --project-directory . -p shop up -d`)).code, 0)
  rmSync(join(two.directory, 'a'), { recursive: true })
  rmSync(join(two.directory, 'c'), { recursive: true })
  assert.is((await two.in('b/shop', 'up -d')).code, 0)
})

inTwo('commands about what is there act on it, and say where it comes from', async (two) => {
  await two.in('a/shop', 'up -d')
  for (const line of ['stop web', 'start', 'restart', 'pause', 'unpause', 'kill']) {
    const { code, err } = await two.in('b/shop', line)
    assert.is(code, 0, `${line}: ${err}`)
    assert.match(err, 'warning[other-directory]')
  }
  const down = await two.in('b/shop', 'down')
  assert.is(down.code, 0)
  assert.match(down.err, 'warning[other-directory]')
  assert.not.match((await two.in('a/shop', 'down')).err, 'other-directory')
})

inTwo('orphans of another directory are named with it', async (two) => {
  await two.in('a/shop', 'up -d')
  await two.in('b/shop', 'up -d --take-over')
  const from = `shop-db-1 (from ${join(two.directory, 'a/shop')})`
  for (const line of ['plan', 'up -d', '--dry-run down']) assert.match((await two.in('b/shop', line)).err, from, line)
  assert.not.match((await two.in('b/shop', 'plan')).err, 'shop-web-1')
})

inTwo('start does not call a project empty that has containers of other services', async (two) => {
  await two.in('a/shop', 'up -d db')
  const { code, err } = await two.in('b/shop', 'start')
  assert.is(code, 1)
  assert.match(err, 'shop-db-1')
  assert.match(err, join(two.directory, 'a/shop'))
})

inTwo('without containers there is nothing to ask about', async (two) => {
  await two.in('a/shop', 'up -d')
  await two.in('a/shop', 'down')
  assert.is((await two.in('b/shop', 'up -d')).code, 0)
})

test.run()
