import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { error, warning } from '../../src/diagnostics/diagnostic.ts'
import { foreign } from '../../src/diagnostics/foreign.ts'
import type { RunEvent, StepInfo } from '../../src/execute/event.ts'
import type { Step } from '../../src/plan/step.ts'
import { NOTHING_SENSITIVE, type Sensitive } from '../../src/stack/sensitive.ts'
import type { Mode } from '../../src/view/contract.ts'
import { paletteOf } from '../../src/view/palette.ts'
import { planData, planOutput } from '../../src/view/plan.ts'
import { createView } from '../../src/view/view.ts'
import { loadFiles, loadText, problemsIn } from '../load/support.ts'
import { virtualClock } from '../support/clock.ts'
import { FACTS, MODES, terminalOf } from './support.ts'

const IMAGE = 'registry.example/postgres:16-alpine'

function sensitiveWith(password: string): Sensitive {
  const db = {
    image: IMAGE,
    user: 'operator',
    environment: { POSTGRES_USER: 'administrator', POSTGRES_PASSWORD: '${DB_PASSWORD}' },
    volumes: ['pgdata:/var/lib/postgresql', './backup-files/secret.conf:/etc/secret.conf'],
  }
  const services = { postgresql: db, gateway: { image: IMAGE, command: ['serve', '--listen', '0.0.0.0'] } }
  const stack = JSON.stringify({ name: 'bookshop', services, volumes: { pgdata: {} } })
  return loadText(stack, { environment: { DB_PASSWORD: password } }).sensitive
}

/** Everything that can be reported of a run in which others say these words; every other word is ours, or a name. */
function eventsWith(said: string, output: string): RunEvent[] {
  const group = 'container/postgresql/1' as const
  const step: StepInfo = {
    id: 'create',
    subject: group,
    group,
    verb: 'create',
    cause: `environment changed, post_start: ${foreign(said)}`,
    changes: [
      { path: 'image', from: 'postgres:15', to: IMAGE },
      { path: 'environment.POSTGRES_PASSWORD', from: 'old', to: said, secret: true },
      { path: 'command', from: ['serve'], to: ['serve', output] },
    ],
    after: [],
  }
  const hint = 'possible here: secrets, service, container; try flotilla logs postgresql'
  return [
    {
      type: 'plan',
      at: 0,
      stack: 'bookshop',
      steps: [step],
      unchanged: [],
      notes: [warning('orphans', `in container bookshop-postgresql-1: ${foreign(said)}`, { hint })],
    },
    { type: 'step-start', at: 0, step: 'create' },
    { type: 'step-progress', at: 10, step: 'create', text: foreign(said) },
    {
      type: 'step-warning',
      at: 20,
      step: 'create',
      problem: warning('engine-warning', `postgresql: ${foreign(said)}`),
    },
    {
      type: 'step-fail',
      at: 30,
      step: 'create',
      ms: 30,
      problem: error('start-failed', `postgresql cannot be started: ${foreign(said)}`, { hint }),
      dossier: {
        subject: group,
        container: 'bookshop-postgresql-1',
        image: IMAGE,
        exit: { code: 1, meaning: 'the program ended with an error of its own', oomKilled: false, restarts: 0 },
        probe: { command: `pg_isready ${output}`, exitCode: 1, output, failures: 1 },
        log: output.split('\n'),
        waiting: ['gateway'],
        tries: ['see its full log: flotilla logs postgresql'],
      },
    },
    { type: 'end', at: 40, ok: false, done: 0, failed: 1, skipped: 0 },
  ]
}

async function reported(sensitive: Sensitive, said: string, output = said): Promise<string> {
  const events = eventsWith(said, output)
  const [plan] = events
  if (plan?.type !== 'plan') throw new Error('no plan')
  const steps = plan.steps.map((step): Step<unknown> => ({ ...step, after: [], action: { kind: 'x' } }))
  const whole = { stack: 'bookshop', steps, unchanged: [], notes: [] }
  const texts = [
    planOutput(whole, paletteOf({ colours: 0 }), { sensitive }),
    JSON.stringify(planData(whole, { sensitive })),
  ]
  for (const mode of MODES) texts.push(await shownIn(mode, events, sensitive, said))
  return texts.join('\n')
}

async function shownIn(mode: Mode, events: RunEvent[], sensitive: Sensitive, said: string): Promise<string> {
  const { terminal, shown } = terminalOf(virtualClock(), 4000, 100)
  const view = await createView(mode, terminal, { ...FACTS, sensitive: () => sensitive })
  view.say(`project bookshop: container postgresql says ${foreign(said)}`)
  for (const event of events) view.emit(event)
  await view.flush()
  return shown().raw
}

/** What is a name or a word somewhere in what is reported, a part of one, or both together. */
const ORDINARY = [
  ...['postgresql', 'postgres', 'bookshop', 'gateway', 'registry', 'alpine', 'administrator', 'operator', 'pgdata'],
  ...['bookshop-postgresql', 'bookshop-postgresql-1', 'secret', 'secrets', 'container', 'environment', 'service'],
  ...['started', 'cannot be started', 'program', 'flotilla', 'possible here', 'changed', 'backup-files', 'orphans'],
  ...['web', 'a', '1', '', 'db', 'message', 'severity', 'subject', 'healthy', 'error', 'value hidden'],
]

/** What engines say that holds no secret: names of the stack, and their own words. */
const HARMLESS = [
  'Error response from daemon: No such container: bookshop-postgresql-1',
  'pull access denied for registry.example/postgres, repository does not exist or may require authorization',
  'FATAL: role "administrator" of postgresql://gateway:5432 on postgres does not exist in volume bookshop_pgdata',
  'mount /lab/backup-files/secret.conf: permission denied for operator',
]

const OUTPUT =
  'FATAL: role "administrator" of postgresql://gateway:5432, host postgres, not in bookshop-postgresql-1 at bookshop_pgdata'

test('whatever the password is, names and words of ours stay as they are, and nothing shows that it equals one', async () => {
  const other = sensitiveWith('Xq7#unlike-anything')
  const said = HARMLESS.join('; ')
  const expected = await reported(other, said, OUTPUT)
  assert.match(expected, 'flotilla logs postgresql')
  assert.match(expected, IMAGE)
  for (const password of ORDINARY) assert.is(await reported(sensitiveWith(password), said, OUTPUT), expected, password)
})

const odd = fc.stringMatching(/^[A-Za-z0-9.*+?^${}()|[\]\\/@:#%&='"é -]{5,18}$/)
const passwords = fc.oneof(
  odd.map((text) => `Zq${text}9`),
  fc.tuple(odd, odd).map(([one, two]) => `Zq${one}x\nZq${two}9`),
  fc.constantFrom('Zq$&$1xx', 'Zq.*+?^$x', 'Zqqqqqqq', 'Zq/Zq/Zq/Zq', 'Zq\'"`x9', 'Zq%20%41x', 'Zq pass word'),
)

const SAYING: ((password: string) => string)[] = [
  (password) => `connecting with ${password} now`,
  (password) => `"${JSON.stringify(password).slice(1, -1)}": executable file not found in $PATH`,
  (password) => `http://host/?key=${encodeURIComponent(password)}&x=1`,
  (password) => `Authorization: ${Buffer.from(password).toString('base64')}`,
  (password) => `postgres://me:${encodeURIComponent(password)}@db/x`,
  (password) => `echo '${password.replaceAll("'", "'\\''")}'`,
  (password) => `\u001b[31m${password}\u001b[0m`,
]

test('a password is shown by no view, in none of the forms in which programs say it', async () => {
  await fc.assert(
    fc.asyncProperty(passwords, fc.constantFrom(...SAYING), async (password, saying) => {
      const lines = password.split('\n').map((line) => line.trim())
      const forms = lines.flatMap((line) => [line, JSON.stringify(line).slice(1, -1), encodeURIComponent(line)])
      const text = await reported(sensitiveWith(password), saying(password))
      for (const form of forms) assert.not.ok(text.includes(form), `${form} of ${password} is in\n${text}`)
    }),
    { numRuns: 30 },
  )
})

/** Short or ordinary ones are recognised by what stands before them. */
const IN_PLACE: ((password: string) => string)[] = [
  (password) => `POSTGRES_PASSWORD=${password}`,
  (password) => `the password is ${password}`,
  (password) => `{"password": "${password}", "user": "me"}`,
  (password) => `mysql --password ${password} db`,
  (password) => `postgres://postgres:${password}@postgresql/postgres`,
]

test('a password in a known place is masked, even if it is short or a name', async () => {
  for (const password of ['abc', 'postgres', 'postgresql', 'container', 'bookshop'])
    for (const saying of IN_PLACE) {
      const text = await reported(sensitiveWith(password), saying(password))
      assert.not.ok(text.includes(saying(password)), `${saying(password)} is in\n${text}`)
      assert.match(text, '••••••')
    }
})

const ATTRIBUTES = [
  ...['image', 'restart', 'mem_limit', 'cpus', 'ports', 'volumes', 'depends_on', 'networks', 'command', 'healthcheck'],
  ...['stop_grace_period', 'stop_signal', 'pull_policy', 'scale', 'env_file', 'extra_hosts', 'devices', 'ulimits'],
  ...['expose', 'logging', 'deploy', 'build', 'configs', 'secrets', 'tmpfs', 'shm_size', 'privileged', 'labels'],
]
const SHAPES = [(value: string) => value, (value: string) => [value], (value: string) => ({ x: value, y: [value] })]

function complaints(attribute: string, value: unknown, password: string): string {
  const stack = JSON.stringify({ name: 'p', services: { web: { image: 'i', [attribute]: value } } })
  const result = loadFiles({ 'stack.yaml': stack }, { environment: { DB_PASSWORD: password } })
  const clashes = result.ok ? result.value.clashes.map(({ problem }) => problem) : []
  return JSON.stringify([...problemsIn(result), ...clashes].map(({ at, related, ...rest }) => rest))
}

test('whatever a password is and wherever it stands in a file that is wrong, the complaint is the same and repeats nothing', () => {
  const words = ['Zq7hunter2x', 'service', 'mapping', 'is no size']
  for (const attribute of ATTRIBUTES)
    for (const [index, shape] of SHAPES.entries()) {
      const [expected, ...others] = words.map((word) => complaints(attribute, shape('${DB_PASSWORD}'), word))
      assert.not.match(expected ?? '', /Zq7|hunter/, attribute)
      for (const [at, other] of others.entries()) assert.is(other, expected, `${attribute} ${index} ${words[at + 1]}`)
    }
})

test('without secrets nothing is masked', async () => {
  for (const said of HARMLESS)
    assert.not.match((await reported(NOTHING_SENSITIVE, said)).replaceAll(/"(?:from|to)":"•+"/g, ''), '••')
})

test.run()
