import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unwrap } from '../../../src/diagnostics/checked.ts'
import { loadFiles, placesOf, problemsIn } from '../support.ts'

const DB = 'services: {db: {image: "db:${TAG:-none}", volumes: ["./data:/data"], environment: [TAG]}}'

test('an included model has a separate directory and variables', () => {
  const { stack } = unwrap(
    loadFiles({ 'stack.yaml': 'include: [sub/db.yaml]\nservices: {}', 'sub/db.yaml': DB, 'sub/.env': 'TAG=sub' }),
  )
  assert.is(stack.services.db?.image, 'db:sub')
  assert.is(stack.services.db?.volumes?.[0]?.source, '/lab/sub/data')
  assert.equal(stack.services.db?.environment, { TAG: 'sub' })
})

test('variables of the including model win', () => {
  const files = {
    'stack.yaml': 'include: [sub/db.yaml]',
    'sub/db.yaml': DB,
    'sub/.env': 'TAG=sub',
    '.env': 'TAG=outer',
  }
  assert.is(unwrap(loadFiles(files)).stack.services.db?.image, 'db:outer')
})

test('the long form says directory, env files and overrides', () => {
  const { stack } = unwrap(
    loadFiles({
      'stack.yaml': 'include: [{path: [sub/db.yaml, over.yaml], project_directory: elsewhere, env_file: [x.env]}]',
      'sub/db.yaml': DB,
      'over.yaml': 'services: {db: {tty: true}}',
      'x.env': 'TAG=x',
    }),
  )
  const { image, tty, volumes } = stack.services.db ?? {}
  assert.equal([image, tty, volumes?.[0]?.source], ['db:x', true, '/lab/elsewhere/data'])
})

test('services can depend on included ones, and extend those of a file alone', () => {
  const text = 'include: [db.yaml]\nservices: {a: {extends: {service: db, file: db.yaml}, depends_on: [db]}}'
  const files = { 'stack.yaml': text, 'db.yaml': DB }
  assert.is(unwrap(loadFiles(files)).stack.services.a?.image, 'db:none')
  const bare = { ...files, 'stack.yaml': text.replace(', file: db.yaml', '') }
  assert.equal(placesOf(loadFiles(bare)), ['unknown-service 2:35'])
})

test('two definitions of one name conflict unless they are the same', () => {
  const other = {
    'stack.yaml': 'include: [a.yaml, b.yaml]',
    'a.yaml': 'services:\n  x: {image: a}',
    'b.yaml': 'services:\n  x: {image: b}',
  }
  assert.equal(placesOf(loadFiles(other)), ['extends-failed 2:3'])
  assert.ok(loadFiles({ ...other, 'b.yaml': other['a.yaml'] }).ok)
})

test('an override file may change an included service', () => {
  const files = { 'stack.yaml': 'include: [db.yaml]', 'db.yaml': DB, 'over.yaml': 'services: {db: {tty: true}}' }
  const { stack } = unwrap(loadFiles(files, { files: ['/lab/stack.yaml', '/lab/over.yaml'] }))
  assert.is(stack.services.db?.tty, true)
})

test('circles and missing files are reported where the include is', () => {
  const circle = loadFiles({ 'stack.yaml': 'include: [a.yaml]', 'a.yaml': 'include:\n  - stack.yaml\n' })
  assert.equal(placesOf(circle), ['extends-failed 2:5'])
  assert.match(problemsIn(circle)[0]?.message ?? '', 'stack.yaml -> a.yaml -> stack.yaml')
  const missing = loadFiles({
    'stack.yaml': 'include:\n  - no.yaml\n  - {path: db.yaml, env_file: no.env}\n',
    'db.yaml': DB,
  })
  assert.equal(placesOf(missing), ['file-missing 2:5', 'file-missing 3:31'])
})

test.run()
