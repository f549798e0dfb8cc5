import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { writeWhole } from '../../../src/cli/write-whole.ts'
import type { ImageFixture } from '../../support/memory/fixture.ts'
import { type Lab, lab, type Ran } from '../support.ts'

const IMAGES: Record<string, ImageFixture> = { 'app:1': { cmd: ['run'] }, 'db:1': { cmd: ['run'] } }

interface Scene {
  files: Record<string, string>
  /** Commands before the plan. */
  before?: string[][]
  plan: string[]
  /** Which share of the changes is tried: one of so many. */
  share: number
}

const ONE = 'services: { web: { image: "app:1" } }\n'
const MANY = `
name: shop
services:
  web: { image: "app:1", scale: 2, depends_on: [db], profiles: [p], networks: [net], post_start: [{ command: ["true"] }] }
  db: { image: "db:1", environment: { DB_PASSWORD: hunter2hunter2 }, volumes: ["data:/data"] }
networks: { net: null }
volumes: { data: null }
`

const SCENES: Readonly<Record<string, Scene>> = {
  'a first start': { files: { 'compose.yaml': ONE }, plan: [], share: 9 },
  'a scaled one, with flags': {
    files: { 'a.yaml': MANY, 'b.yaml': 'services: { db: { labels: { a: b } } }\n', 'v.env': 'A=1\n' },
    plan: '-f a.yaml -f b.yaml --env-file v.env --profile p --project-directory . plan --scale web=3 -t 5 --pull missing'.split(
      ' ',
    ),
    share: 3,
  },
  'a recreation': {
    files: { 'compose.yaml': MANY },
    before: [['up', '-d']],
    plan: ['plan', '--force-recreate', '-V', 'db'],
    share: 9,
  },
}

type Json = Record<string, unknown>
type Key = string | number

/** In the place of any value. */
const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  '',
  'no\0\u001b[31mpe',
  'x'.repeat(20_000),
  [],
  [null],
  Array(20_000).fill('x'),
  {},
  { a: {} },
  { toString: 'x', length: 1 },
]

type Change = (holder: Json, key: Key) => void

const CHANGES: readonly Change[] = [
  ...VALUES.map(
    (value): Change =>
      (holder, key) =>
        void Object.assign(holder, { [key]: value }),
  ),
  (holder, key) => void delete holder[key],
  (holder) => void Object.assign(holder, { more: [{}], constructor: 1 }),
]

function pathsIn(value: unknown): Key[][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => [[key], ...pathsIn(each).map((path) => [key, ...path])])
}

function changed(text: string, path: readonly Key[], change: Change): string {
  const saved = JSON.parse(text)
  const holder = path.slice(0, -1).reduce((at, key) => at[key], saved)
  change(holder, path.at(-1) ?? '')
  return JSON.stringify(saved)
}

/** A place with a plan that can be applied, and its text. */
async function prepared({ files, before = [], plan }: Scene): Promise<{ own: Lab; text: string }> {
  const made = lab(files, { images: IMAGES })
  const begin: Lab['begin'] = (argv, options) => made.begin(argv, { writeFile: writeWhole, ...options })
  const own = { ...made, begin, run: (...argv: string[]) => begin(argv).ended }
  for (const argv of before) assert.is((await own.run(...argv)).code, 0)
  const argv = plan.length > 0 ? plan : ['plan']
  assert.is((await own.run(...argv, '--out', 'p')).code, 2)
  return { own, text: readFileSync(join(own.directory, 'p'), 'utf8') }
}

function assertClear({ code, out, err }: Ran, what: string): void {
  const all = out + err
  assert.not.match(all, /flotilla has a bug|\[object |\bundefined\b|\bNaN\b|\n +at /, what)
  assert.not.match(all, /[^\P{Cc}\t\n]/u, what)
  assert.ok(all.length < 30_000, `${what}: ${all.length} characters`)
  if (code !== 0) assert.equal([code, err.match(/^error\[/gm)?.length], [1, 1], `${what}: ${err}`)
}

/** Of what is only shown, some: comparing the digests takes long. */
function isTried([part]: readonly Key[], turn: number, share: number): boolean {
  const isShown = ['plan', 'digests', 'flotilla', 'salt'].includes(String(part))
  return turn % (isShown ? 60 : share) === 0
}

/** What is wanted is also recorded, which no dry run does. */
function argvFor([part]: readonly Key[]): string[] {
  return part === 'intent' ? ['apply', 'p'] : ['apply', '--dry-run', 'p']
}

for (const [name, scene] of Object.entries(SCENES)) {
  test(`${name}: whatever a saved plan holds is carried out, or refused with one error`, async () => {
    let { own, text } = await prepared(scene)
    const counts = { ran: 0, refused: 0 }
    const paths = pathsIn(JSON.parse(text))
    try {
      for (const [at, path] of paths.entries()) {
        for (const [index, change] of CHANGES.entries()) {
          if (!isTried(path, at + index, scene.share)) continue
          own.write({ p: changed(text, path, change) })
          const before = own.engine.world.history.length
          const ran = await own.run(...argvFor(path))
          assertClear(ran, `${path.join('.')}, change ${index}`)
          counts[ran.code === 0 ? 'ran' : 'refused']++
          if (own.engine.world.history.length === before) continue
          assert.is(ran.code, 0, ran.err)
          own.remove()
          ;({ own, text } = await prepared(scene))
        }
      }
    } finally {
      own.remove()
    }
    assert.ok(counts.ran > 0 && counts.refused > 20)
  })
}

test.run()
