import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Action, type Rule, rulesOf } from '../../../../src/command/lifecycle/watch/rules.ts'
import { workFor } from '../../../../src/command/lifecycle/watch/work.ts'
import type { Stack } from '../../../../src/stack/model.ts'

const ACTIONS: Action[] = ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec']
const NAMES = ['a', 'b', 'node_modules', 'x.log', '.git', 'deep']

interface Draft {
  service: string
  action: Action
  root: string
  ignore: string[]
  include: readonly string[]
}

const drafts: fc.Arbitrary<Draft[]> = fc.array(
  fc.record({
    service: fc.constantFrom('web', 'db'),
    action: fc.constantFrom(...ACTIONS),
    root: fc.constantFrom('/p', '/p/a', '/p/deep/b', '/q/x.log'),
    ignore: fc.subarray(['node_modules', '*.log', '**/deep', '!deep/a']),
    include: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.constant(['**/a', '*.log'])),
  }),
  { maxLength: 6 },
)
const paths = fc
  .tuple(fc.constantFrom('/p', '/q', '/p/a', '/p/deep/b'), fc.array(fc.constantFrom(...NAMES), { maxLength: 4 }))
  .map(([root, parts]) => [root, ...parts].join('/'))
const bursts = fc.array(paths, { maxLength: 12 })

function stackOf(all: readonly Draft[]): Stack {
  const watchOf = (service: string) =>
    all
      .filter((draft) => draft.service === service)
      .map(({ action, root, ignore, include }) => ({ path: root, action, target: `/to/${service}`, ignore, include }))
  const services = Object.fromEntries(
    ['web', 'db'].map((name) => [name, { image: 'x', build: { context: '/p' }, develop: { watch: watchOf(name) } }]),
  )
  return { name: 's', services } as unknown as Stack
}

const rulesFor = (all: readonly Draft[], ignoreFile = ''): Rule[] =>
  rulesOf(stackOf(all), new Set(['web', 'db']), () => ignoreFile)

test('every change that a rule means is carried out once, and nothing else', () => {
  fc.assert(
    fc.property(drafts, bursts, (all, changed) => {
      const rules = rulesFor(all)
      const work = workFor(rules, changed)
      const meant = (service: string, ...actions: Action[]) =>
        changed.filter((path) =>
          rules.some(
            (rule) => rule.service === service && actions.includes(rule.action) && rule.verdict(path) === 'kept',
          ),
        )
      for (const service of ['web', 'db']) {
        const rebuilt = meant(service, 'rebuild').length > 0
        assert.is(work.rebuild.includes(service), rebuilt)
        assert.is(work.restart.includes(service), !rebuilt && meant(service, 'restart', 'sync+restart').length > 0)
        const synced = (work.sync[service] ?? []).map(({ from }) => from)
        const expected = new Set(meant(service, 'sync', 'sync+restart', 'sync+exec'))
        assert.equal(new Set(synced).size === 0, expected.size === 0)
        assert.ok(synced.every((path) => expected.has(path)))
        const places = (work.sync[service] ?? []).map(({ to }) => to)
        assert.is(new Set(places).size, places.length)
        assert.ok(places.every((place) => place === `/to/${service}` || place.startsWith(`/to/${service}/`)))
      }
      assert.is(new Set([...work.rebuild, ...work.restart]).size, work.rebuild.length + work.restart.length)
    }),
  )
})

test('the order of changes, and how often one comes, do not matter', () => {
  fc.assert(
    fc.property(drafts, bursts, (all, changed) => {
      const rules = rulesFor(all)
      const twice = workFor(rules, [...changed, ...changed].reverse())
      const once = workFor(rules, changed)
      assert.equal([twice.rebuild, twice.restart, twice.exec], [once.rebuild, once.restart, once.exec])
      for (const service of Object.keys(once.sync))
        assert.equal(
          twice.sync[service]?.map(({ to }) => to),
          once.sync[service]?.map(({ to }) => to),
        )
    }),
  )
})

test('files below an ignored folder are ignored; kept files can be reached through their folders', () => {
  fc.assert(
    fc.property(
      drafts,
      paths,
      fc.constantFrom(...NAMES),
      fc.constantFrom('', 'deep', '*\n!a'),
      (all, path, name, ignoreFile) => {
        for (const rule of rulesFor(all, ignoreFile)) {
          const [above, here] = [rule.verdict(path), rule.verdict(`${path}/${name}`)]
          const isInside = path === rule.path || path.startsWith(`${rule.path}/`)
          if (isInside && above === 'ignored') assert.is(here, 'ignored')
          if (!isInside && `${path}/${name}` !== rule.path && !`${path}/`.startsWith(`${rule.path}/`))
            assert.is(here, 'ignored')
        }
      },
    ),
  )
})

test('temporary files of editors and the files of git count nowhere', () => {
  const [rule] = rulesFor([{ service: 'web', action: 'sync', root: '/p', ignore: [], include: [] }])
  for (const name of ['.git', '.git/index', 'a/.git/x', '.main.py.swp', 'a~', '4913', '.#lock', '.idea/x'])
    assert.is(rule?.verdict(`/p/${name}`), 'ignored', name)
  for (const name of ['main.py', '.gitignore', '.env', 'a/b']) assert.is(rule?.verdict(`/p/${name}`), 'kept', name)
})

test('a rule about a file has the target for that file', () => {
  const rules = rulesFor([{ service: 'db', action: 'sync', root: '/q/x.log', ignore: [], include: [] }])
  assert.equal(workFor(rules, ['/q/x.log', '/q/other', '/q']).sync, { db: [{ from: '/q/x.log', to: '/to/db' }] })
})

test.run()
