import { error, warning } from '../../src/diagnostics/diagnostic.ts'
import { foreign } from '../../src/diagnostics/foreign.ts'
import type { RunEvent, StepInfo } from '../../src/execute/event.ts'
import type { FieldChange, Verb } from '../../src/plan/step.ts'
import type { Address } from '../../src/stack/address.ts'

/** Event streams as runs give them, for all views to show. The secret is in every place where one can turn up. */
export const SECRET = 'correct-horse-battery'

function step(
  id: string,
  group: Address,
  verb: Verb,
  cause: string,
  after: string[] = [],
  changes?: FieldChange[],
): StepInfo {
  return { id, subject: group, group, verb, cause, after, ...(changes && { changes }) }
}

const LAB: StepInfo[] = [
  step('web.create', 'container/web/1', 'create', 'not created yet', ['net.create', 'web.build']),
  step('net.create', 'network/default', 'create', 'not there yet'),
  step('data.create', 'volume/data', 'create', 'not there yet'),
  step('web.build', 'image/web', 'build', 'not built yet'),
  step('db.create', 'container/db/1', 'create', 'not created yet', ['net.create', 'data.create']),
  step('db.start', 'container/db/1', 'start', 'not started yet', ['db.create']),
  { ...step('db.wait', 'container/db/1', 'wait', 'until it is healthy', ['db.start']), awaits: 'healthy' },
  step('web.start', 'container/web/1', 'start', 'not started yet', ['web.create', 'db.wait']),
]

const plan = (steps: StepInfo[], more: Partial<Extract<RunEvent, { type: 'plan' }>> = {}): RunEvent => {
  return { type: 'plan', at: 0, stack: 'lab', steps, unchanged: [], notes: [], ...more }
}
const start = (at: number, id: string): RunEvent => ({ type: 'step-start', at, step: id })
const done = (at: number, id: string, ms: number): RunEvent => ({ type: 'step-done', at, step: id, ms })
const tell = (at: number, id: string, text: string, part?: [done: number, total: number]): RunEvent => {
  return { type: 'step-progress', at, step: id, text, ...(part && { done: part[0], total: part[1] }) }
}

/** Up to the moment at which web is built and db is waited for. */
const BEGINNING: RunEvent[] = [
  plan(LAB, {
    notes: [warning('orphans', 'the project has containers of services that the stack does not declare: old')],
  }),
  ...['net.create', 'data.create', 'web.build'].map((id) => start(0, id)),
  done(30, 'data.create', 30),
  done(120, 'net.create', 120),
  start(120, 'db.create'),
  tell(150, 'web.build', foreign(`Step 2/5 : RUN curl -H token:${SECRET} example.org`), [2, 5]),
  done(180, 'db.create', 60),
  start(180, 'db.start'),
  done(480, 'db.start', 300),
  start(480, 'db.wait'),
  tell(900, 'db.wait', 'health: starting, 2 probes'),
]

export const SUCCESS: RunEvent[] = [
  ...BEGINNING,
  {
    ...(tell(60_000, 'web.build', foreign('[test 2/2] 3 tests passed'), [3, 5]) as RunEvent & {
      type: 'step-progress'
    }),
    running: [foreign(`[build 2/3] RUN make all TOKEN=${SECRET} and more arguments than a line of a terminal holds`)],
  },
  {
    ...(tell(61_000, 'web.build', foreign('[test 2/2] 4 tests passed'), [3, 5]) as RunEvent & {
      type: 'step-progress'
    }),
    running: [foreign('[build 2/3] cc -o main main.c'), foreign('[test 2/2] 4 tests passed')],
  },
  tell(65_000, 'web.build', 'Step 5/5 : CMD ["serve"]', [5, 5]),
  done(66_000, 'web.build', 66_000),
  start(66_000, 'web.create'),
  done(66_100, 'web.create', 100),
  done(67_000, 'db.wait', 66_520),
  start(67_000, 'web.start'),
  done(67_200, 'web.start', 200),
  { type: 'end', at: 67_200, ok: true, done: 8, failed: 0, skipped: 0 },
]

export const FAILURE: RunEvent[] = [
  ...BEGINNING,
  done(1000, 'web.build', 1000),
  start(1000, 'web.create'),
  {
    type: 'step-warning',
    at: 1050,
    step: 'web.create',
    problem: warning('engine-warning', `web: ${foreign(`memory limited without swap, says ${SECRET}`)}`),
  },
  {
    type: 'step-output',
    at: 1060,
    step: 'web.create',
    stream: 'stderr',
    lines: [`\u001b[31mmigrating with ${SECRET}\u001b[0m`, 'done\u0007'],
  },
  done(1100, 'web.create', 100),
  {
    type: 'step-fail',
    at: 2600,
    step: 'db.wait',
    ms: 2120,
    problem: error('container-unhealthy', 'db is unhealthy', { hint: 'look at its log with flotilla logs db' }),
    dossier: {
      subject: 'container/db/1',
      container: 'lab-db-1',
      image: 'lab-db:1',
      exit: { code: 137, meaning: 'killed by SIGKILL', oomKilled: true, restarts: 2 },
      probe: { command: `pg_isready -p ${SECRET}`, exitCode: 2, output: `no response\ntried ${SECRET}\n`, failures: 3 },
      log: ['starting up', `password is ${SECRET}`, '', 'giving up'],
      port: { port: '127.0.0.1:5432', holder: 'container other-db-1' },
      waiting: ['web', 'proxy'],
      tries: ['give it more memory: mem_limit'],
    },
  },
  { type: 'step-skip', at: 2600, step: 'web.start', reason: 'upstream', cause: 'db.wait' },
  { type: 'end', at: 2600, ok: false, done: 6, failed: 1, skipped: 1 },
]

export const NOTHING: RunEvent[] = [
  plan([], { unchanged: ['container/db/1', 'container/web/1', 'network/default'] }),
  { type: 'end', at: 3, ok: true, done: 0, failed: 0, skipped: 0 },
]

const CHANGES: FieldChange[] = [
  { path: 'environment.REV', from: '1', to: '2' },
  { path: 'environment.PASSWORD', from: `old-${SECRET}`, to: SECRET, secret: true },
  { path: 'command', from: undefined, to: ['serve', SECRET] },
]

/** Recreates web where a pull yields another image, and leaves it where it does not. */
export const RECREATE: RunEvent[] = [
  plan([
    step('app.pull', 'image/app', 'pull', '--pull always'),
    step('web.create', 'container/web/1', 'create', 'environment changed', [], CHANGES),
    step('web.stop', 'container/web/1', 'stop', 'replaced', ['web.create']),
    step('web.start', 'container/web/1', 'start', 'replaces the old one', ['web.stop']),
    step('web.remove', 'container/web/1', 'remove', 'replaced', ['web.start']),
    step('web.rename', 'container/web/1', 'rename', 'takes the name over', ['web.remove']),
    step('app.create', 'container/app/1', 'create', 'if the image changed', ['app.pull']),
  ]),
  start(0, 'app.pull'),
  start(0, 'web.create'),
  tell(10, 'app.pull', 'layers', [52_000, 104_000]),
  done(50, 'web.create', 50),
  start(50, 'web.stop'),
  done(1050, 'web.stop', 1000),
  start(1050, 'web.start'),
  done(1200, 'web.start', 150),
  start(1200, 'web.remove'),
  done(1240, 'web.remove', 40),
  start(1240, 'web.rename'),
  done(1250, 'web.rename', 10),
  done(1300, 'app.pull', 1300),
  { type: 'step-skip', at: 1300, step: 'app.create', reason: 'unneeded' },
  { type: 'end', at: 1300, ok: true, done: 6, failed: 0, skipped: 0 },
]

export const INTERRUPTED: RunEvent[] = [
  ...BEGINNING,
  { type: 'step-fail', at: 1500, step: 'web.build', ms: 1500, problem: error('interrupted', 'interrupted') },
  { type: 'step-fail', at: 1500, step: 'db.wait', ms: 1020, problem: error('interrupted', 'interrupted') },
  { type: 'step-skip', at: 1500, step: 'web.create', reason: 'interrupted', cause: 'web.create' },
  { type: 'step-skip', at: 1500, step: 'web.start', reason: 'interrupted', cause: 'web.start' },
  { type: 'end', at: 1500, ok: false, done: 4, failed: 2, skipped: 2 },
]

export const RECORDINGS = {
  success: SUCCESS,
  failure: FAILURE,
  nothing: NOTHING,
  recreate: RECREATE,
  interrupted: INTERRUPTED,
} as const
