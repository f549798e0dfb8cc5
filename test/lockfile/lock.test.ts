import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../src/diagnostics/checked.ts'
import { contentId } from '../../src/lockfile/content-id.ts'
import { differences } from '../../src/lockfile/differences.ts'
import type { Lock } from '../../src/lockfile/model.ts'
import { portableBuild, portableStack } from '../../src/lockfile/portable.ts'
import { readLock } from '../../src/lockfile/read.ts'
import { lockText } from '../../src/lockfile/text.ts'
import { turned } from '../backend/support.ts'
import { loadFiles, loadText } from '../load/support.ts'

const CONTENT = contentId({ os: 'linux', architecture: 'amd64', layers: [], config: {} })

/** Texts that YAML reads as something else, or that end a line. */
const awkward = fc.oneof(
  fc.constantFrom(
    'yes',
    'null',
    '0755',
    '1e3',
    '2026-12-01',
    '~',
    ' x',
    'x ',
    '#',
    ': ',
    '- a',
    '',
    '__proto__',
    'a\nb',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const value: fc.Arbitrary<unknown> = fc.oneof(awkward, fc.integer(), fc.boolean(), fc.array(awkward, { maxLength: 3 }))
const named = <T>(of: fc.Arbitrary<T>) => fc.dictionary(awkward, of, { maxKeys: 4, noNullPrototype: true })

const locks: fc.Arbitrary<Lock> = fc.record({
  images: named(fc.record({ content: fc.constant(CONTENT), platform: fc.constant('linux/amd64') })),
  stack: fc.record({ services: named(named(value)) }),
  files: named(fc.constant(`sha256:${'0'.repeat(64)}`)),
  noted: fc.record({ flotilla: awkward, variables: fc.array(awkward, { maxLength: 3 }) }),
})

const read = (text: string) => unwrap(readLock(text, '/lab/stack.lock.yaml')).lock

test('law: what is written is read back, and written again as it was', () => {
  fc.assert(
    fc.property(locks, (lock) => {
      const text = lockText(lock)
      assert.equal(differences(lock, read(text)), [])
      assert.is(lockText(read(text)), text)
    }),
  )
})

test('law: the order of keys does not matter', () => {
  fc.assert(fc.property(locks, (lock) => assert.is(lockText(turned(lock)), lockText(lock))))
})

test('law: differences turn around, and locks without any have the same enforced text', () => {
  fc.assert(
    fc.property(locks, locks, (one, other) => {
      const there = differences(one, other)
      const back = differences(other, one)
      const key = ({ path }: { path: readonly string[] }) => JSON.stringify(path)
      assert.equal(there.map(key).sort(), back.map(key).sort())
      const enforced = (lock: Lock) => lockText({ ...lock, noted: { flotilla: '' } })
      if (there.length === 0) assert.is(enforced(one), enforced(other))
    }),
  )
})

const SECRETS = fc.stringMatching(/^[a-zA-Z0-9]{3,20}$/).map((text) => `Zq${text}`)

test('law: no secret is in the lock of any stack, however it gets into the stack', () => {
  fc.assert(
    fc.property(fc.array(SECRETS, { minLength: 6, maxLength: 6 }), (secrets) => {
      const [a = '', b = '', c = '', d = '', e = '', f = ''] = secrets
      const file = `
services:
  db:
    image: db:1
    command: [serve, --password, "${a}", --url, "postgres://me:${b}@db/x"]
    environment: { DB_PASSWORD: "${a}", API_TOKEN: "\${API_TOKEN}", URL: "postgres://me:${c}@db/x", ALSO: "\${API_TOKEN}" }
    labels: { "my.secret": "${d}" }
    secrets: [key]
    healthcheck: { test: "check --token=${e}" }
    build: { context: ., args: { SIGNING_KEY: "${f}" }, secrets: [key] }
    logging: { driver: x, options: { auth-token: "${d}" } }
secrets: { key: { file: ./key.txt }, other: { environment: OTHER_KEY } }
`
      const environment = { API_TOKEN: `${a}${b}`, OTHER_KEY: `${c}${d}` }
      const loaded = unwrap(loadFiles({ 'stack.yaml': file, 'key.txt': `${e}${f}\n` }, { environment }))
      const stack = portableStack(loaded.stack, loaded.sensitive)
      const builds = { db: { declared: portableBuild(loaded.stack, 'db', loaded.sensitive) } }
      const text = lockText({ images: {}, stack, files: {}, noted: { flotilla: '1', builds } })
      assert.match(text, 'SIGNING_KEY: (secret)')
      for (const secret of secrets) assert.not.ok(text.includes(secret), `${secret} is in ${text}`)
    }),
    { numRuns: 50 },
  )
})

test('a stack in another directory, under another name, on other ports and with other secrets has the same lock', () => {
  const text = (port: string) => `
services:
  web:
    image: web:1
    build: .
    ports: ["${port}:80"]
    environment: { TOKEN: "\${TOKEN:-}", MODE: fast }
    volumes: [./work:/work, ./in:/in:ro, data:/data]
    develop: { watch: [] }
volumes: { data: {} }
configs: { c: { file: ./c.txt } }
`
  const one = unwrap(loadFiles({ 'stack.yaml': text('127.0.0.1:8080') }, { projectName: 'alpha' }))
  const there = { files: ['/home/me/lab/stack.yaml'], workingDirectory: '/home/me/lab', projectName: 'omega' }
  const other = unwrap(
    loadFiles({ '/home/me/lab/stack.yaml': text('9090') }, { ...there, environment: { TOKEN: 'Zq12345678' } }),
  )
  const stackOf = ({ stack, sensitive }: typeof one) => portableStack(stack, sensitive)
  assert.equal(stackOf(one), stackOf(other))
  const printed = JSON.stringify(stackOf(other))
  for (const word of ['/home', 'omega', '9090', '12345']) assert.not.ok(printed.includes(word), word)
  const { services } = stackOf(one) as {
    services: Record<string, { environment: object; volumes: { source: string }[] }>
  }
  assert.equal(services.web?.volumes.map(({ source }) => source).sort(), ['./in', './work', 'data'])
})

test('files elsewhere on the machine are not named', () => {
  const loaded = loadText('services: { web: { image: a, volumes: ["/var/run/x.sock:/x", "~/data:/data"] } }')
  const printed = JSON.stringify(portableStack(loaded.stack, loaded.sensitive))
  assert.not.ok(/var.run|home/.test(printed))
})

const GOOD = `flotilla-lock: 1
images:
  a:
    content: ${CONTENT}
    platform: linux/amd64
services: {}
files:
  ./a: sha256:${'0'.repeat(64)}
`

/** A lock file, and where it is wrong. */
const HOSTILE: [text: string, place: string][] = [
  ['', 'file-empty'],
  ['[]', 'lock-invalid 1:1'],
  ['services: {}', 'lock-invalid 1:1'],
  ['flotilla-lock: 2\nservices: {}', 'lock-invalid 1:16'],
  ['flotilla-lock: [1]', 'lock-invalid 1:16'],
  ['flotilla-lock: "1"\nservices: {}', 'lock-invalid 1:16'],
  ['flotilla-lock: 1', 'lock-invalid 1:1'],
  [GOOD.replace('services: {}', 'services: []'), 'lock-invalid 6:11'],
  [GOOD.replace('images:', 'image:'), 'lock-invalid 2:1'],
  [GOOD.replace(CONTENT, 'sha256:1'), 'lock-invalid 4:14'],
  [GOOD.replace(`content: ${CONTENT}`, 'x: y'), 'lock-invalid 4:5'],
  [GOOD.replace('    platform: linux/amd64\n', ''), 'lock-invalid 4:5'],
  [GOOD.replace('sha256:', 'md5:'), 'lock-invalid 8:8'],
  [GOOD.replace('images:', 'images: {}\nimages:'), 'yaml-duplicate-key 3:1'],
  [`${GOOD}\tx`, 'yaml-syntax 9:1'],
  [`${GOOD}---\n${GOOD}`, 'yaml-unsupported'],
  [`flotilla-lock: 1\nservices: ${'['.repeat(5000)}`, 'yaml-'],
  [`flotilla-lock: 1\nservices: {a: &a [${'*a,'.repeat(50)}]}`, 'yaml-alias'],
  [`flotilla-lock: 1\nservices: {}\nfiles: {${'a'.repeat(2_000_000)}: 1}`, 'lock-invalid 3'],
]

test('a hostile lock file is refused with its place', () => {
  assert.ok(readLock(GOOD, '/l').ok)
  for (const [text, place] of HOSTILE) {
    const result = readLock(text, '/l')
    const found = result.ok ? [] : result.diagnostics.map(({ code, at }) => `${code} ${at?.line}:${at?.col}`)
    assert.ok(found[0]?.startsWith(place), `${text.slice(0, 60)}: ${found}`)
  }
})

test('law: any text is a lock or a list of problems', () => {
  const lines = fc.array(fc.constantFrom(...GOOD.split('\n'), '  x: &a 1', '- ', '*a', '}', '\0'), { maxLength: 12 })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        lines.map((all) => all.join('\n')),
      ),
      (text) => {
        const result = readLock(text, '/l')
        assert.ok(result.ok || result.diagnostics.length > 0)
      },
    ),
  )
})

test.run()
