import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { NETWORK_SINCE, partsOf, SERVICE_SINCE, WINDOWS_ONLY } from '../../src/backend/docker/attribute-lists.ts'
import { ATTRIBUTES, factsOf } from '../../src/backend/docker/attributes.ts'
import { isCarriedOut } from '../../src/backend/engine/check/check.ts'
import { versionText } from '../../src/backend/engine/plan/refuse/engine-too-old.ts'
import { memoryDisk } from '../../src/load/file/memory-disk.ts'
import { load } from '../../src/load/load.ts'
import { FILES, resources, table as rowsOf } from '../live/attribute-table.ts'
import { attributesOf } from '../support/schema-paths.ts'

/**
 * docs/compose-support.md lists every attribute of the schema. That it is loaded and shown is tried; whether it is carried out, and since
 * which engine, is asked of the code. UPDATE=1 writes the tables.
 */
const root = join(import.meta.dirname ?? '', '../..')
const file = join(root, 'docs/compose-support.md')
const schema = JSON.parse(readFileSync(join(root, 'schemas/stack.schema.json'), 'utf8'))

const HEAD = ['| attribute | loaded | shown | applied | since engine | what it is |', '|---|---|---|---|---|---|']

type Answer = (path: string) => string

function section(title: string, definition: string, applied: Answer, since: Answer): string {
  const rows = [...attributesOf(schema, schema.$defs[definition])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => {
      const what = firstSentence(text)
      return `| \`${path}\` | yes | ${shown(path)} | ${applied(path)} | ${since(path)} | ${what} |`
    })
  return [`## ${title}`, '', ...HEAD, ...rows].join('\n')
}

/** What loading replaces by what it stands for. */
const RESOLVED = ['env_file', 'extends', 'label_file']

function shown(path: string): string {
  return RESOLVED.includes(path.split('.')[0] ?? '') ? 'resolved' : 'yes'
}

const isBelow = (path: string) => (each: string) => path === each || path.startsWith(`${each}.`)

function appliedOfService(path: string): string {
  const [first = '', part] = path.split('.')
  const { command } = factsOf(first) ?? {}
  if (partsOf('swarm').some(isBelow(path))) return 'in a swarm only'
  if (WINDOWS_ONLY.some(isBelow(path))) return 'on Windows only'
  if (command) return `by \`${command}\``
  return isCarriedOut(first) && (part === undefined || isCarriedOut(first, part)) ? 'yes' : 'warned about'
}

/** Secrets and configs are files here: there is nothing that could have a name, labels or a driver. */
const IN_SWARM = ['driver', 'driver_opts', 'external', 'labels', 'name', 'template_driver']

function sinceOf(rows: readonly { path: string; api: number; docker: string; only?: string }[]): Answer {
  return (path) =>
    rows
      .filter((row) => row.path.replace(/\.\*$/, '') === path)
      .map(({ api, docker, only }) => `${versionText(api)} (Docker ${docker})${only ? ` for ${only}` : ''}`)
      .join(', ')
}

function firstSentence(text = ''): string {
  return (text.split(/(?<=(?<!e\.g|i\.e)\.)\s/)[0] ?? '').replaceAll('|', '\\|')
}

test('the tables are those of the schema and the code', () => {
  const always = () => 'yes'
  const never = () => ''
  const ofFile: Answer = (path) => (IN_SWARM.some(isBelow(path)) ? 'in a swarm only' : 'yes')
  const tables = [
    section('Services', 'service', appliedOfService, sinceOf(SERVICE_SINCE)),
    section('Networks', 'network', always, sinceOf(NETWORK_SINCE)),
    section('Volumes', 'volume', always, never),
    section('Secrets', 'secret', ofFile, never),
    section('Configs', 'config', ofFile, never),
    section('Models', 'model', () => (isCarriedOut('models') ? 'yes' : 'warned about'), never),
  ].join('\n\n')
  const text = readFileSync(file, 'utf8')
  const [head = ''] = text.split('## Services')
  if (process.env.UPDATE) writeFileSync(file, `${head}${tables}\n`)
  assert.fixture(readFileSync(file, 'utf8'), `${head}${tables}\n`)
})

/** A value for each attribute that the table of the live test does not set. */
const OTHERS: Record<string, unknown> = {
  annotations: { a: 'b' },
  attach: false,
  build: { context: '.' },
  container_name: 'named',
  cpu_percent: 50,
  cpu_rt_period: 1000,
  cpu_rt_runtime: 500,
  credential_spec: { file: 'spec.json' },
  depends_on: { other: { condition: 'service_started', required: false, restart: true } },
  develop: { watch: [{ path: '.', action: 'rebuild' }] },
  extends: { service: 'other' },
  models: { llm: { endpoint_var: 'URL' } },
  platform: 'linux/amd64',
  post_start: [{ command: 'true' }],
  pre_start: [{ command: 'true' }],
  pre_stop: [{ command: 'true' }],
  profiles: ['p'],
  provider: { type: 'cloud' },
  pull_policy: 'daily',
  pull_refresh_after: '1h',
  scale: 1,
  storage_opt: { size: '1G' },
}

test('the table has a row for each attribute of the schema, in order', () => {
  assert.equal(Object.keys(ATTRIBUTES), Object.keys(schema.$defs.service.properties).sort())
})

test('every attribute of a service is loaded and stands in the model', () => {
  const samples = { ...OTHERS }
  for (const { yaml } of rowsOf('10.213.0')) Object.assign(samples, yaml)
  const attributes = Object.keys(schema.$defs.service.properties)
  assert.equal(
    attributes.filter((each) => !(each in samples)),
    [],
  )
  const missing = attributes.filter((attribute) => !isShown(attribute, samples[attribute]))
  assert.equal(missing, RESOLVED)
})

function isShown(attribute: string, value: unknown): boolean {
  const image = 'app:1'
  const services = { app: { image, [attribute]: value }, other: { image }, r000: { image }, r001: { image } }
  const content = JSON.stringify({ services, ...resources('10.213.0'), models: { llm: { model: 'm' } } })
  const files = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`/p/${path}`, text]))
  const input = { files: ['/p/compose.yaml'], profiles: ['p'], envFiles: [], environment: {}, workingDirectory: '/p' }
  const loaded = load(input, memoryDisk({ ...files, '/p/compose.yaml': content, '/p/Dockerfile': '' }))
  assert.ok(loaded.ok, `${attribute}: ${JSON.stringify(loaded)}`)
  return loaded.ok && attribute in (loaded.value.stack.services.app ?? {})
}

test.run()
