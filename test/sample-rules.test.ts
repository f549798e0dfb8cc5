import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { SAMPLES_FOLDER, sampleNamed, sampleNames } from '../scripts/samples/samples.mjs'
import { unwrap } from '../src/diagnostics/checked.ts'
import { realDisk } from '../src/load/file/disk.ts'
import { load } from '../src/load/load.ts'
import type { Stack } from '../src/stack/model.ts'

/** What every sample promises: pinned images, loopback ports, services whose health is known, a page, and a test that uses it. */
const LAB = join(import.meta.dirname ?? '', 'lab')

/** `before`, the other tag in use, is of older programs. */
const ONLY_LATEST = /^dockersamples\//

/** A page on a screen, with the output of its commands. */
const PAGE = 140

function stackOf(name: string): Stack {
  const { folder } = sampleNamed(name)
  const files = [join(folder, 'stack.yaml')]
  const request = { files, profiles: [], envFiles: [], environment: {}, workingDirectory: folder }
  return unwrap(load(request, realDisk())).stack
}

function testsOf(name: string): string {
  const file = name === 'lab' ? 'lab.test.ts' : `samples/${name.split('/')[0]}.test.ts`
  return existsSync(join(LAB, file)) ? readFileSync(join(LAB, file), 'utf8') : ''
}

function readmeOf(name: string): string {
  const { folder } = sampleNamed(name)
  const file = [folder, dirname(folder)].map((each) => join(each, 'README.md')).find(existsSync)
  return readFileSync(file ?? '', 'utf8')
}

for (const name of sampleNames()) {
  const services = Object.entries(stackOf(name).services)

  test(`${name}: every image has a tag that stays`, () => {
    const pinned = services.filter(([, { image = '' }]) => !ONLY_LATEST.test(image))
    for (const [service, { image = '' }] of pinned)
      assert.match(image, /:(?!latest$)[\w.-]+(@sha256:\w+)?$/, `${service}: ${image}`)
  })

  test(`${name}: ports are published on the loopback address`, () => {
    const addresses = services.flatMap(([, { ports = [] }]) => ports.map(({ host_ip }) => host_ip))
    assert.equal(
      addresses.filter((address) => address !== '127.0.0.1'),
      [],
    )
  })

  test(`${name}: there is a test of it, and a README of one page`, () => {
    assert.match(testsOf(name), /sampleTest|suite/)
    assert.ok(readmeOf(name).split('\n').length <= PAGE)
  })

  test(`${name}: its notebooks are executed by its test`, () => {
    const { folder } = sampleNamed(name)
    const files = readdirSync(folder, { recursive: true }).map(String)
    const notebooks = files.filter((file) => file.endsWith('.ipynb') && !file.includes('.ipynb_checkpoints'))
    for (const notebook of notebooks) assert.match(testsOf(name), parse(notebook).name)
  })
}

test('samples of the talk know when their servers are ready', () => {
  const servers = sampleNames().filter((name) => !name.includes('/') && sampleNamed(name).up.includes('-d'))
  for (const name of servers)
    for (const [service, { healthcheck, restart }] of Object.entries(stackOf(name).services))
      assert.ok(healthcheck || (restart ?? 'no') === 'no', `${name}: ${service}`)
})

test('no output is left in a notebook', () => {
  const files = readdirSync(SAMPLES_FOLDER, { recursive: true }).map(String)
  const notebooks = files.filter((file) => /^[^.]*\.ipynb$/.test(file))
  assert.ok(notebooks.length >= 5)
  for (const file of notebooks) {
    const { cells } = JSON.parse(readFileSync(join(SAMPLES_FOLDER, file), 'utf8')) as {
      cells: { outputs?: unknown[] }[]
    }
    assert.equal(
      cells.flatMap(({ outputs = [] }) => outputs),
      [],
      file,
    )
  }
})

test.run()
