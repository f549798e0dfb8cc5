import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { engineBackend } from '../../../../src/backend/engine/backend.ts'
import type { Observed } from '../../../../src/backend/engine/observe/observed.ts'
import { DOWN, type Intent, REMOVE, UP } from '../../../../src/backend/intent.ts'
import { unwrap } from '../../../../src/diagnostics/checked.ts'
import type { ContainerSummary } from '../../../../src/docker/port.ts'
import { undoes } from '../../../../src/plan/step.ts'
import type { Condition, Service, Stack } from '../../../../src/stack/model.ts'
import { memoryEngine } from '../../../support/memory-engine.ts'
import { declared, stackOf } from '../../support.ts'
import { containerOf, upWorld } from '../world.ts'

type Need = Condition | undefined

/** One service that is there, and where something needs it another that is not. */
function stackWith(web: Service, need: Need): Stack {
  const app = { depends_on: { web: { condition: need ?? 'service_started', required: true } } }
  return stackOf({ services: { web, ...(need && { app }) } })
}

interface State {
  web: Service
  container: Partial<ContainerSummary>
}

const untested = (container: Partial<ContainerSummary>): State => ({ web: {}, container })
const withTest = (container: Partial<ContainerSummary>): State => ({
  web: { healthcheck: { test: ['CMD', 'ready'] } },
  container,
})

/** Every state that an engine reports of a container, with the words of its list. */
const STATES: Record<string, State> = {
  created: untested({ state: 'created', status: 'Created' }),
  running: untested({ state: 'running', status: 'Up 2 minutes' }),
  'just started': untested({ state: 'running', status: 'Up Less than a second' }),
  starting: withTest({ state: 'running', status: 'Up 1 second (health: starting)', health: 'starting' }),
  healthy: withTest({ state: 'running', status: 'Up 1 second (healthy)', health: 'healthy' }),
  unhealthy: withTest({ state: 'running', status: 'Up 2 minutes (unhealthy)', health: 'unhealthy' }),
  paused: untested({ state: 'paused', status: 'Up 2 minutes (Paused)' }),
  'paused, tested': withTest({ state: 'paused', status: 'Up 2 minutes (Paused)' }),
  restarting: untested({ state: 'restarting', status: 'Restarting (3) 2 seconds ago', exitCode: 3 }),
  'ended well': untested({ state: 'exited', status: 'Exited (0) 2 seconds ago', exitCode: 0 }),
  crashed: untested({ state: 'exited', status: 'Exited (3) 2 seconds ago', exitCode: 3 }),
  stopped: untested({ state: 'exited', status: 'Exited (143) 2 seconds ago', exitCode: 143 }),
  removing: untested({ state: 'removing', status: 'Removal In Progress' }),
  dead: untested({ state: 'dead', status: 'Dead' }),
}

const COMMANDS: Record<string, Intent> = {
  up: UP,
  'up --wait': { ...UP, wait: true },
  create: { ...UP, noStart: true },
  start: { kind: 'start', services: [], wait: false },
  'start --wait': { kind: 'start', services: [], wait: true },
  restart: { kind: 'restart', services: [], noDeps: false },
  stop: { kind: 'stop', services: [] },
  kill: { kind: 'kill', services: [], signal: 'SIGKILL', removeOrphans: false },
  pause: { kind: 'pause', services: [] },
  unpause: { kind: 'unpause', services: [] },
  rm: REMOVE,
  'rm --stop': { ...REMOVE, stop: true },
  'up --scale web=0': { ...UP, scale: { web: 0 } },
  'up --force-recreate': { ...UP, forceRecreate: true },
  down: DOWN,
}

/** What an `up` does to it for the sake of another service that needs it so. */
const NEEDED: Record<string, Condition> = {
  'for a service that needs it started': 'service_started',
  'for one that needs it healthy': 'service_healthy',
  'for one that needs it done': 'service_completed_successfully',
}

/** What each command does to a container in each state: its verbs in order, what it says in brackets, `-` for nothing. */
const TABLE = `
up:
  start: created; ended well; crashed; stopped
  -: running; just started; starting; healthy; unhealthy
  unpause: paused; paused, tested
  (container-exited): restarting
  remove, create, start: removing; dead
up --wait:
  start, wait: created; ended well; crashed; stopped
  -: running; healthy
  wait: just started; starting; unhealthy
  unpause, wait: paused; paused, tested
  wait, (container-exited): restarting
  remove, create, start, wait: removing; dead
create:
  -: created; running; just started; starting; healthy; unhealthy; paused; paused, tested; ended well; crashed; stopped
  (container-exited): restarting
  remove, create: removing; dead
start:
  start: created; ended well; crashed; stopped
  -: running; just started; starting; healthy; unhealthy
  unpause: paused; paused, tested
  (container-exited): restarting
  (no-container): removing; dead
start --wait:
  start, wait: created; ended well; crashed; stopped
  -: running; healthy
  wait: just started; starting; unhealthy
  unpause, wait: paused; paused, tested
  wait, (container-exited): restarting
  (no-container): removing; dead
restart:
  start: created; ended well; crashed; stopped
  stop, start: running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting
  (no-container): removing; dead
stop:
  -: created; ended well; crashed; stopped; removing; dead
  stop: running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting
kill:
  -: created; ended well; crashed; stopped; removing; dead
  kill: running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting
pause:
  -: created; paused; paused, tested; ended well; crashed; stopped; removing; dead
  pause: running; just started; starting; healthy; unhealthy
  (container-exited): restarting
unpause:
  -: created; running; just started; starting; healthy; unhealthy; restarting; ended well; crashed; stopped; removing; dead
  unpause: paused; paused, tested
rm:
  remove: created; ended well; crashed; stopped; removing; dead
  -: running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting
rm --stop:
  remove: created; ended well; crashed; stopped; removing; dead
  stop, remove: running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting
up --scale web=0:
  remove: created; ended well; crashed; stopped; removing; dead
  stop, remove: running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting
up --force-recreate:
  create, stop, start, remove, rename: created; running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting; ended well; crashed; stopped
  remove, create, start: removing; dead
down:
  remove: created; ended well; crashed; stopped; removing; dead
  stop, remove: running; just started; starting; healthy; unhealthy; paused; paused, tested; restarting
for a service that needs it started:
  start: created; ended well; crashed; stopped
  -: running; just started; starting; healthy; unhealthy
  unpause: paused; paused, tested
  (container-exited): restarting
  remove, create, start: removing; dead
for one that needs it healthy:
  start, wait: created; ended well; crashed; stopped
  wait: running; just started; starting; unhealthy
  -: healthy
  unpause, wait: paused; paused, tested
  wait, (container-exited): restarting
  remove, create, start, wait: removing; dead
for one that needs it done:
  start, wait: created; crashed; stopped
  wait: running; just started; starting; healthy; unhealthy
  unpause, wait: paused; paused, tested
  wait, (container-exited): restarting
  -: ended well
  remove, create, start, wait: removing; dead
`

test('every state that an engine reports, and every command', () => {
  const columns = [...Object.keys(COMMANDS), ...Object.keys(NEEDED)]
  const lines = columns.flatMap((column) => [
    `${column}:`,
    ...grouped(Object.entries(STATES).map(([name, state]) => [name, done(state, column)] as const)),
  ])
  assert.fixture(lines.join('\n'), TABLE.trim())
})

/** States that fare alike share a line. */
function grouped(rows: (readonly [string, string])[]): string[] {
  const by = new Map<string, string[]>()
  for (const [state, verbs] of rows) by.set(verbs, [...(by.get(verbs) ?? []), state])
  return [...by].map(([verbs, states]) => `  ${verbs}: ${states.join('; ')}`)
}

function done({ web, container }: State, column: string): string {
  const stack = stackWith(web, NEEDED[column])
  const world: Observed = { ...upWorld(stack), containers: [containerOf(stack, 'web', container)] }
  const backend = engineBackend(memoryEngine(), { project: stack.name, contentOf: () => undefined })
  const observed = { ...world, asDeclared: new Set(['id-web-1']) }
  const intent = COMMANDS[column] ?? UP
  const result = backend.plan({ declared: declared(stack), observed, intent })
  if (!result.ok) return `refused (${result.diagnostics[0]?.code})`
  const { steps, notes } = unwrap(result)
  const own = steps.filter((step) => step.subject === 'container/web/1' && !undoes(step))
  return [...own.map(({ verb }) => verb), ...notes.map(({ code }) => `(${code})`)].join(', ') || '-'
}

test.run()
