import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Declared } from '../../../../src/backend/backend.ts'
import { OURS } from '../../../../src/backend/docker/labels.ts'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import { UP } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import type { RunEvent } from '../../../../src/execute/event.ts'
import { execute } from '../../../../src/execute/execute.ts'
import { memoryDisk } from '../../../../src/load/file/memory-disk.ts'
import { load } from '../../../../src/load/load.ts'
import type { Plan } from '../../../../src/plan/plan.ts'
import type { Mode } from '../../../../src/view/contract.ts'
import { paletteOf } from '../../../../src/view/palette.ts'
import { planData, planOutput } from '../../../../src/view/plan.ts'
import { createView } from '../../../../src/view/view.ts'
import { type MemoryEngine, memoryEngine } from '../../../support/memory-engine.ts'
import { FACTS, MODES, terminalOf } from '../../../view/support.ts'
import { IMAGES } from '../../support.ts'

/**
 * A secret that vanishes from the stack file is still one: nothing that is printed of the change may hold it. Stacks are generated with
 * secrets in all kinds of places, brought up, and changed so that the places hold something else.
 */
interface Place {
  attribute: string
  /** As JSON, which is YAML too. `value`: the file's words for the secret. */
  holding(value: string): unknown
}

const PLACES: Place[] = [
  { attribute: 'command', holding: (value) => ['serve', '--log', value] },
  { attribute: 'command', holding: (value) => `sh -c "serve -p${value}"` },
  { attribute: 'entrypoint', holding: (value) => ['/init', `x${value}`] },
  { attribute: 'environment', holding: (value) => ({ PLAIN: `v${value}`, OTHER: 'o' }) },
  { attribute: 'environment', holding: (value) => ({ LINK: `http://me:${value}@host/`, OTHER: 'o' }) },
  { attribute: 'environment', holding: (value) => ({ API_TOKEN: value }) },
  { attribute: 'labels', holding: (value) => ({ 'app.note': `n ${value}`, other: 'o' }) },
  { attribute: 'healthcheck', holding: (value) => ({ test: ['CMD', 'probe', value], interval: '5s' }) },
  { attribute: 'healthcheck', holding: (value) => ({ test: `probe -u me:${value}` }) },
  { attribute: 'logging', holding: (value) => ({ driver: 'json-file', options: { tag: value } }) },
  { attribute: 'annotations', holding: (value) => ({ note: value }) },
  { attribute: 'sysctls', holding: (value) => ({ 'kernel.domainname': value }) },
  { attribute: 'volumes', holding: (value) => [`/srv/${value}:/data`] },
  { attribute: 'working_dir', holding: (value) => `/srv/${value}` },
  { attribute: 'user', holding: (value) => value },
  { attribute: 'hostname', holding: (value) => value },
  { attribute: 'domainname', holding: (value) => value },
  { attribute: 'storage_opt', holding: (value) => ({ size: value }) },
  { attribute: 'tmpfs', holding: (value) => [`/run/${value}`] },
  { attribute: 'dns_search', holding: (value) => [`${value}.test`] },
  { attribute: 'extra_hosts', holding: (value) => [`${value}:10.0.0.1`] },
  { attribute: 'networks', holding: (value) => ({ default: { aliases: ['www', `x${value}`] } }) },
  { attribute: 'labels', holding: (value) => [`app.note=${value}`] },
  { attribute: 'group_add', holding: (value) => [value] },
]

interface Case {
  places: Place[]
  secret: string
  /** What stands there afterwards: nothing, something else, or another secret. */
  later: 'gone' | 'changed' | 'another'
}

const cases = fc.record<Case>({
  places: fc.uniqueArray(fc.constantFrom(...PLACES), {
    minLength: 1,
    maxLength: 5,
    selector: (each) => each.attribute,
  }),
  secret: fc.constantFrom('zq9', 'zq9oldsecret99', 'zq9-long.secret', "zq9'old$$ecret"),
  later: fc.constantFrom('gone', 'changed', 'another'),
})

const calm = new AbortController().signal

function loaded(services: Record<string, unknown>, variables: Record<string, string>): Declared {
  const environment = Object.entries(variables).map(([name, value]) => `${name}='${value.replaceAll("'", "\\'")}'`)
  const files = { '/lab/stack.yaml': JSON.stringify({ name: 'lab', services }), '/lab/.env': environment.join('\n') }
  const input = { files: ['/lab/stack.yaml'], profiles: [], envFiles: [], environment: {}, workingDirectory: '/lab' }
  return unwrap(load(input, memoryDisk(files)))
}

function webWith(places: readonly Place[], value: string): Record<string, unknown> {
  return { image: 'app:1', ...Object.fromEntries(places.map(({ attribute, holding }) => [attribute, holding(value)])) }
}

/** Before and after. */
function declaredIn({ places, secret, later }: Case): [Declared, Declared] {
  const variables = { DB_PASSWORD: secret, NEW_PASSWORD: 'brandnewsecret' }
  const web = {
    gone: { image: 'app:1' },
    changed: webWith(places, '1'),
    another: webWith(places, '${NEW_PASSWORD}'),
  }[later]
  const before = loaded({ web: webWith(places, '${DB_PASSWORD}') }, variables)
  return [before, loaded({ web }, { NEW_PASSWORD: variables.NEW_PASSWORD })]
}

/** Everything that is printed about an up: the plan as text, as JSON and as it is saved, and the views of its events. */
async function reported(engine: MemoryEngine, declared: Declared): Promise<{ texts: string[]; plan: Plan<unknown> }> {
  const backend = engineBackend(engine, { project: 'lab', contentOf: () => undefined })
  const observed = await backend.observe(declared.stack, calm, UP)
  const plan = unwrap(backend.plan({ declared, observed, intent: UP }))
  const { sensitive } = declared
  const texts = [
    planOutput(plan, paletteOf({ colours: 0 }), { sensitive }),
    JSON.stringify(planData(plan, { sensitive })),
  ]
  const events: RunEvent[] = []
  const options = { signal: calm, clock: engine.clock, emit: (event: RunEvent) => void events.push(event) }
  assert.ok((await execute(plan, backend.perform, options)).ok)
  for (const mode of MODES) texts.push(await shownIn(mode, events, engine, declared))
  return { texts, plan }
}

async function shownIn(mode: Mode, events: RunEvent[], { clock }: MemoryEngine, declared: Declared): Promise<string> {
  const { terminal, shown } = terminalOf(clock, 300, 100)
  const view = await createView(mode, terminal, { ...FACTS, sensitive: () => declared.sensitive })
  for (const event of events) view.emit(event)
  await view.flush()
  return shown().raw + shown().out
}

function assertNowhere(secret: string, texts: readonly string[]): void {
  const forms = [secret, JSON.stringify(secret).slice(1, -1)]
  for (const text of texts) for (const form of forms) assert.not.ok(text.includes(form), `${form} is in:\n${text}`)
}

test('a secret of an existing container is shown nowhere after the file has dropped it', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const engine = memoryEngine({ images: IMAGES })
      const [before, after] = declaredIn(given)
      const first = await reported(engine, before)
      const { texts, plan } = await reported(engine, after)
      assert.ok(plan.steps.some((step) => step.changes?.length))
      assertNowhere('zq9', [...first.texts, ...texts])
      assertNowhere('brandnewsecret', texts)
    }),
    { numRuns: 40 },
  )
})

test('the label holds paths, and never values', async () => {
  const engine = memoryEngine({ images: IMAGES })
  const [before] = declaredIn({
    places: PLACES.filter(({ attribute }) => attribute !== 'volumes'),
    secret: 'zq9oldsecret99',
    later: 'gone',
  })
  await reported(engine, before)
  const [container] = await engine.listContainers({})
  const { labels = {} } = container ?? {}
  const recorded: string[] = JSON.parse(labels[OURS.masked] ?? '')
  assert.ok(recorded.some((path) => /^command\[\d\]$/.test(path)))
  const ours = Object.entries(labels).filter(([name]) => !name.startsWith('app.'))
  assertNowhere('zq9', [JSON.stringify(ours)])
})

test('a stack without secrets has no such label', async () => {
  const engine = memoryEngine({ images: IMAGES })
  await reported(engine, loaded({ web: { image: 'app:1', command: 'serve' } }, {}))
  const [container] = await engine.listContainers({})
  assert.is(container?.labels[OURS.masked], undefined)
})

/** Such a one was made by `docker compose`, or by an earlier version. */
const holdersOfOld: [string, Record<string, unknown>][] = [
  ['a variable of its own', { environment: { DB_PASSWORD: 'zq9oldsecret99' }, command: 'serve --use zq9oldsecret99' }],
  ['an option', { command: ['serve', '--password', 'zq9oldsecret99'] }],
  ['an option with its value', { command: ['serve', '--api-token=zq9oldsecret99'] }],
  ["a shell's line", { command: ['sh', '-c', 'MYSQL_PWD="zq9oldsecret99" exec serve'] }],
  ['a URL', { environment: { LINK: 'postgres://me:zq9oldsecret99@db/x' }, labels: { note: 'zq9oldsecret99' } }],
  ['a health test', { healthcheck: { test: ['CMD', 'probe', '--password=zq9oldsecret99'] } }],
]

const OTHERWISE = {
  image: 'app:1',
  command: 'other',
  labels: { note: 'n' },
  healthcheck: { test: ['CMD', 'other'] },
}

for (const [where, service] of holdersOfOld) {
  for (const labels of [[OURS.masked], [OURS.masked, OURS.fingerprint]]) {
    test(`a container without ${labels.length} of our labels: ${where}`, async () => {
      const engine = memoryEngine({ images: IMAGES })
      await reported(engine, loaded({ web: { image: 'app:1', ...service } }, {}))
      for (const each of engine.world.containers.values()) for (const label of labels) delete each.spec.Labels?.[label]
      const { texts, plan } = await reported(engine, loaded({ web: OTHERWISE }, {}))
      assert.ok(plan.steps.some((step) => step.changes?.some((change) => change.from !== undefined)))
      assertNowhere('zq9', texts)
    })
  }
}

test('text that the new value shows openly is not masked in the old value', async () => {
  const engine = memoryEngine({ images: { 'postgres:16': { cmd: ['serve'] }, 'postgres:17': { cmd: ['serve'] } } })
  const environment = { POSTGRES_PASSWORD: 'postgres' }
  await reported(engine, loaded({ db: { image: 'postgres:16', environment, command: 'postgres -i' } }, {}))
  const { plan } = await reported(engine, loaded({ db: { image: 'postgres:17' } }, {}))
  const changes = plan.steps.flatMap((step) => step.changes ?? [])
  assert.equal(changes.find(({ path }) => path === 'image')?.from, 'postgres:16')
  assert.equal(changes.find(({ path }) => path === 'command')?.from, ['••••••', '-i'])
})

test.run()
