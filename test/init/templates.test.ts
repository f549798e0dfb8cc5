import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hostPorts } from '../../src/init/ports.ts'
import { stackText } from '../../src/init/stack-text.ts'
import type { Template } from '../../src/init/template.ts'
import { TEMPLATES } from '../../src/init/templates.ts'
import { missingVariables, withIgnored, withVariables } from '../../src/init/variables.ts'
import { memoryDisk } from '../../src/load/file/memory-disk.ts'
import { load } from '../../src/load/load.ts'

const SECRET = '0123456789abcdef0123456789abcdef'
const SUBSETS = fc.subarray([...TEMPLATES], { minLength: 1 })

const variablesOf = (templates: readonly Template[], present: string[] = []) =>
  missingVariables(
    { templates, secret: () => SECRET, free: hostPorts(templates), written: hostPorts(templates) },
    new Set(present),
  )

/** Loads what is written for the templates, as `up` would, with `.env` beside it. */
function loaded(templates: readonly Template[]) {
  const text = stackText({ name: 'lab', templates, program: 'flotilla' })
  const env = withVariables('', variablesOf(templates))
  const disk = memoryDisk({ '/lab/stack.yaml': text, '/lab/.env': env })
  const result = load(
    {
      files: ['/lab/stack.yaml'],
      projectDirectory: '/lab',
      workingDirectory: '/lab',
      environment: {},
      envFiles: [],
      profiles: [],
    },
    disk,
  )
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, null, 2))
  return { text, warnings: result.warnings, stack: result.value.stack }
}

/** Every template, every pair, and random sets; each is loaded once. */
const SETS = [
  ...TEMPLATES.flatMap((one, at) => TEMPLATES.slice(at).map((other) => [...new Set([one, other])])),
  ...fc.sample(SUBSETS, 30),
].map((templates) => ({ templates, ...loaded(templates) }))

/** A release, a date, or of postgis, which has no finer tags, the releases of PostgreSQL and PostGIS. */
const PINNED = /:(?:\d+\.\d+\.\d+|17\.\d+|\d{4}-\d\d-\d\d|release_\w+_\d+\.\d+\.\d+|\d+-\d+\.\d+)$/

test('images are pinned to a release: the same file gives the same laboratory next year', () => {
  const moving = TEMPLATES.filter(({ image }) => !PINNED.test(image)).map(({ image }) => image)
  assert.equal(moving, [])
})

test('a law: what is written loads without problems, with the services and their dependencies', () =>
  SETS.forEach(({ templates, stack, warnings }) => {
    assert.equal(warnings, [])
    assert.equal(Object.keys(stack.services).sort(), templates.map(({ name }) => name).sort())
    for (const { name, connects = [] } of templates) {
      const others = templates.filter((other) => other.name !== name && other.gives && connects.includes(other.role))
      const needed = Object.entries(stack.services[name]?.depends_on ?? {})
      assert.equal(
        needed.map(([other, { condition }]) => [other, condition]).sort(),
        others.map((other) => [other.name, 'service_healthy']).sort(),
      )
    }
  }))

test('a law: every service has a pinned image, a health test and a restart policy, and its data are in volumes', () =>
  SETS.forEach(({ stack }) => {
    for (const service of Object.values(stack.services)) {
      assert.match(service.image ?? '', /:[\w.-]*\d/)
      assert.ok((service.healthcheck?.test?.length ?? 0) > 1)
      assert.is(service.restart, 'unless-stopped')
      for (const mount of service.volumes ?? []) assert.ok(mount.source !== undefined && mount.source !== '')
    }
  }))

test('a law: ports are on the loopback address, and no two are the same', () =>
  SETS.forEach(({ templates, stack }) => {
    const ports = Object.values(stack.services).flatMap(({ ports = [] }) => ports)
    for (const { host_ip } of ports) assert.is(host_ip, '127.0.0.1')
    const published = ports.map((port) => port.published)
    assert.is(new Set(published).size, published.length)
    assert.is(published.length, templates.flatMap((each) => each.ports).length)
  }))

test('a law: no secret is in the stack file, and every secret of .env is used by it', () =>
  SETS.forEach(({ templates, text }) => {
    assert.not.match(text, SECRET)
    for (const { name, isSecret } of variablesOf(templates)) if (isSecret) assert.match(text, `\${${name}:?`)
  }))

test('a law: whatever ports are taken, others get none of them, and .env says which', () => {
  const taken = fc.uniqueArray(fc.constantFrom<number>(3306, 3307, 5432, 5433, 5434, 8080, 8888, 7687))
  fc.assert(
    fc.property(SUBSETS, taken, (templates, busy) => {
      const free = hostPorts(templates, (port) => busy.includes(port))
      assert.is(new Set(free.values()).size, free.size)
      for (const port of free.values()) assert.not.ok(busy.includes(port))
      const written = hostPorts(templates)
      const lines = missingVariables({ templates, secret: () => SECRET, free, written }, new Set())
      for (const [name, port] of free)
        assert.is(lines.find((line) => line.name === name)?.value ?? String(written.get(name)), String(port))
    }),
  )
})

test('variables that are there stay as they are', () => {
  const templates = TEMPLATES.filter(({ name }) => name === 'mysql')
  const before = 'MYSQL_PASSWORD=mine'
  const added = variablesOf(templates, ['MYSQL_PASSWORD'])
  assert.equal(
    added.map(({ name }) => name),
    ['MYSQL_ROOT_PASSWORD'],
  )
  const text = withVariables(before, added)
  assert.ok(text.startsWith(`${before}\n`))
  assert.is(withVariables(before, []), before)
})

test('.gitignore leaves .env out, and is only changed where it does not yet', () => {
  for (const there of ['.env', 'x\n/.env\n', '.env*\n', '!.env\n.env\r\n']) assert.is(withIgnored(there), undefined)
  assert.is(withIgnored(undefined), '.env\n')
  assert.is(withIgnored('node_modules'), 'node_modules\n.env\n')
  assert.is(withIgnored('.env\n!.env\n'), '.env\n!.env\n.env\n')
  assert.is(withIgnored('.env.local\n'), '.env.local\n.env\n')
})

test('every file of templates is one, under its own name', () => {
  const files = readdirSync(join(import.meta.dirname, '../../src/init/templates'))
  assert.equal(files.sort(), TEMPLATES.map(({ name }) => `${name}.ts`).sort())
})

test.run()
