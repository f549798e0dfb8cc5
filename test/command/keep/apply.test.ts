import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../../src/cli/write-whole.ts'
import type { ImageFixture } from '../../support/memory/fixture.ts'
import { type Lab, lab } from '../support.ts'

const IMAGES: Record<string, ImageFixture> = { 'db:1': { cmd: ['serve'] }, 'web:1': { cmd: ['serve'] } }

const STACK = `
name: shop
services:
  db:
    image: db:1
    environment: { DB_PASSWORD: hunter2hunter2, PIN_KEY: "4711", REV: "\${REV:-1}" }
  web:
    image: web:1
    depends_on: [db]
`

function inLab(name: string, body: (lab: Lab) => Promise<void>): void {
  test(name, async () => {
    const made = lab({ 'stack.yaml': STACK }, { images: IMAGES })
    // Plans are saved to the real disk.
    const begin: Lab['begin'] = (argv, options) => made.begin(argv, { writeFile: writeWhole, ...options })
    const own = { ...made, begin, run: (...argv: string[]) => begin(argv).ended }
    try {
      await body(own)
    } finally {
      own.remove()
    }
  })
}

const writes = ({ engine }: Lab) => engine.world.containers.size + engine.world.networks.size

inLab('a saved plan is carried out from anywhere, once', async (own) => {
  assert.is((await own.run('plan', '--out', 'change.plan')).code, 2)
  const file = join(own.directory, 'change.plan')
  const applied = await own.begin(['apply', file], { cwd: '/' }).ended
  assert.equal([applied.code, own.engine.world.containers.size], [0, 2])
  const again = await own.run('apply', 'change.plan')
  assert.is(again.code, 1, 'the world is another one now')
  assert.is((await own.run('plan')).code, 0)
})

inLab("a saved plan holds no secret, however short, and is its owner's alone", async (own) => {
  await own.run('plan', '--out', 'change.plan')
  const file = join(own.directory, 'change.plan')
  const text = readFileSync(file, 'utf8')
  assert.not.match(text, 'hunter2')
  assert.not.match(text, '4711')
  assert.is(statSync(file).mode & 0o777, 0o600)
})

inLab('where a plan cannot be saved, that is reported, and nothing is left over', async (own) => {
  mkdirSync(join(own.directory, 'folder'))
  writeFileSync(join(own.directory, 'file'), 'before')
  const before = readdirSync(own.directory, { recursive: true })
  for (const place of ['absent/change.plan', 'folder', 'file/change.plan', '/dev/full']) {
    const { code, out, err } = await own.run('plan', '--out', place)
    assert.equal([code, out], [1, ''], place)
    assert.match(err, new RegExp(`error\\[usage\\]: ${place} cannot be written: [a-z ]+\\n`))
  }
  assert.equal(readdirSync(own.directory, { recursive: true }), before)
  assert.is(readFileSync(join(own.directory, 'file'), 'utf8'), 'before')
})

/** What may have happened between plan and apply: nothing is done then. */
const MOVES: Record<string, (own: Lab) => Promise<unknown> | unknown> = {
  'another value in the file': ({ write }) => write({ 'stack.yaml': STACK.replace('REV:-1', 'REV:-2') }),
  'another secret': ({ write }) => write({ 'stack.yaml': STACK.replace('4711', '4712') }),
  'another variable': ({ write }) => write({ '.env': 'REV=3' }),
  'a service more': ({ write }) => write({ 'stack.yaml': `${STACK}  more: { image: "web:1" }\n` }),
  'containers that came': ({ run }) => run('up', '-d'),
}
for (const [what, move] of Object.entries(MOVES)) {
  inLab(`apply refuses after ${what}`, async (own) => {
    await own.run('plan', '--out', 'change.plan')
    await move(own)
    const before = writes(own)
    const { code, err } = await own.run('apply', 'change.plan')
    assert.equal([code, writes(own)], [1, before])
    assert.match(err, 'plan again')
  })
}

inLab('apply refuses when a container of the plan is stopped by hand', async (own) => {
  await own.run('up', '-d')
  own.write({ 'stack.yaml': STACK.replace('web:1', 'web:1\n    environment: { NEW: "1" }') })
  assert.is((await own.run('plan', '--out', 'change.plan')).code, 2)
  const [some] = [...own.engine.world.containers.keys()]
  await own.engine.stopContainer(some ?? '', {})
  assert.is((await own.run('apply', 'change.plan')).code, 1)
})

inLab('what is no saved plan is refused, and so is one of another version', async (own) => {
  for (const text of ['', '{}', '[]', 'null', '{"flotillaPlan":1}', '{"flotillaPlan":2}', '{"flotillaPlan":3}']) {
    writeFileSync(join(own.directory, 'no.plan'), text)
    assert.is((await own.run('apply', 'no.plan')).code, 1, text)
  }
  assert.is((await own.run('apply', 'none.plan')).code, 1)
})

inLab('--dry-run prints the plan and touches nothing', async (own) => {
  for (const argv of [
    ['up', '--dry-run'],
    ['--dry-run', 'up', '-d'],
    ['down', '--dry-run'],
  ]) {
    const { code, out } = await own.run(...argv)
    assert.is(code, 0, argv.join(' '))
    assert.match(out, 'Plan:')
    assert.is(own.engine.world.containers.size, 0)
  }
  await own.run('up', '-d')
  const before = writes(own)
  assert.match((await own.run('down', '--dry-run')).out, '3 to remove')
  await own.run('plan', '--force-recreate', '--out', 'change.plan')
  assert.match((await own.run('apply', '--dry-run', 'change.plan')).out, '2 to recreate')
  assert.is(writes(own), before)
})

inLab('plan --explain shows what a service waits for, and where that is written', async (own) => {
  const { out, code } = await own.run('plan', '--explain', 'web', '--format', 'json')
  assert.is(code, 2)
  const { waits, met } = JSON.parse(out)
  const [web] = waits
  assert.equal([web.address, met], ['container/web/1', []])
  const db = web.needs.find((each: { address: string }) => each.address === 'container/db/1')
  assert.equal([db.why, db.at.line], ['depends_on db: service_started', 9])
  await own.run('up', '-d', 'db')
  const later = JSON.parse((await own.run('plan', '--explain', 'web', '--format', 'json')).out)
  assert.equal(
    later.met.map((each: { service: string }) => each.service),
    ['db'],
  )
  assert.match((await own.run('plan', '--explain', 'web')).out, 'stack.yaml:9')
  assert.is((await own.run('plan', '--explain', 'wbe')).code, 1)
})

test.run()
