import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Checked, failed } from '../../../src/diagnostics/checked.ts'
import { error } from '../../../src/diagnostics/diagnostic.ts'
import { memoryDisk } from '../../../src/load/file/memory-disk.ts'
import type { RemoteFiles } from '../../../src/load/input.ts'
import { load } from '../../../src/load/load.ts'

const FETCHED = '/cache/lab/1'
const DISK = memoryDisk({
  [`${FETCHED}/compose.yaml`]: [
    'services:',
    '  web: {image: app, env_file: [web.env], volumes: ["./data:/data"]}',
    '  base: {image: base, env_file: web.env}',
  ].join('\n'),
  [`${FETCHED}/web.env`]: 'A=1\n',
  '/own/compose.yaml': [
    'name: own',
    'include: ["oci://${HOST}/lab:1"]',
    'services:',
    '  app: {extends: {file: "git@h.org:me/lab.git", service: base}}',
  ].join('\n'),
})

function loadWith(remotes: RemoteFiles) {
  const environment = { HOST: 'example.org' }
  const files = ['/own/compose.yaml']
  return load({ files, profiles: [], envFiles: [], environment, workingDirectory: '/own', remotes }, DISK)
}

test('paths in an included or extended remote file are relative to its folder', () => {
  const asked: string[] = []
  const result = loadWith({
    has: () => false,
    find(reference): Checked<string> {
      asked.push(reference)
      return { ok: true, value: `${FETCHED}/compose.yaml`, warnings: [] }
    },
  })
  const services = result.ok ? result.value.stack.services : {}
  assert.equal(services.web?.environment, { A: '1' })
  assert.equal(services.app?.environment, { A: '1' })
  assert.is(services.web?.volumes?.[0]?.source, `${FETCHED}/data`)
  assert.equal([...new Set(asked)].sort(), ['git@h.org:me/lab.git', 'oci://example.org/lab:1'])
})

test('a remote file that cannot be fetched is reported where it is named', () => {
  const result = loadWith({ has: () => false, find: () => failed(error('remote-unavailable', 'it cannot be fetched')) })
  const places = result.ok ? [] : result.diagnostics.map(({ code, at }) => [code, at?.line])
  assert.equal(places, [
    ['remote-unavailable', 2],
    ['remote-unavailable', 4],
  ])
})

test('a file that nobody has tried to fetch is no problem of its own', () => {
  const result = loadWith({ has: () => false, find: () => undefined })
  assert.equal(
    (result.ok ? result.warnings : result.diagnostics).filter(({ code }) => code === 'remote-unavailable'),
    [],
  )
})

test('a fetched file does not name another one by variables: their values would go there', () => {
  const asked: string[] = []
  const find = (reference: string) => void asked.push(reference)
  const result = loadWith({ has: () => true, find })
  assert.equal(asked, ['git@h.org:me/lab.git'])
  assert.equal(result.ok ? [] : result.diagnostics.map(({ code, at }) => [code, at?.line])[0], [
    'remote-unavailable',
    2,
  ])
})

test.run()
