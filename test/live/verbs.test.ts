import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../support/cli.ts'
import { AFTERMATH } from './chaos.ts'
import { compose, composePlugin } from './compose.ts'
import { firstSignal } from './killed-event.ts'
import { containersOf, FILE, type Scene, STAYS, scenes, shell, withScene } from './scene.ts'

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const check = await scenes()
const compared: typeof check = 'skip' in plugin ? (name) => test.skip(name) : check
const words = 'words' in plugin ? plugin.words : []

const STACK = {
  services: {
    db: { ...STAYS, healthcheck: { test: ['CMD', 'true'], interval: '500ms' }, restart: 'always' },
    web: { ...STAYS, depends_on: { db: { condition: 'service_healthy', restart: true } } },
    side: { ...STAYS, depends_on: ['db'] },
    off: { ...STAYS, profiles: ['off'] },
    none: { ...STAYS, scale: 0 },
  },
}

/** A line that both tools run, and why their exit codes differ if they do so on purpose. */
type Line = string | { line: string; because: string }

/** What is run one after the other, by both tools, on a stack that is up. */
const STORIES: Record<string, Line[]> = {
  'stop and start': [
    'stop',
    'stop',
    'start',
    'start',
    'stop db',
    'start web',
    'stop -t 1 web',
    'start',
    'stop nosuch',
    'stop none',
    'start none',
    'kill db',
    'start',
  ],
  'pause and kill': [
    'pause',
    { line: 'pause', because: 'to pause what is paused is no error: it is as was asked for' },
    'unpause web',
    'unpause db side',
    { line: 'unpause', because: 'to let go on what goes on is no error' },
    'pause web',
    'stop web',
    'start',
    'pause web',
    'kill web',
    'start',
    'kill -s SIGTERM side',
    'kill -s NONSENSE side',
    'kill none',
    'kill',
    'kill',
    'wait nosuch',
    'wait none',
  ],
  restart: [
    'restart',
    'restart db',
    'restart --no-deps db',
    'stop web',
    'restart web',
    'restart none',
    'restart nosuch',
  ],
  rm: [
    'rm -f',
    'stop web',
    'rm -f',
    'start web',
    'create',
    'start',
    'rm -fs side none',
    'start',
    'rm -fs db',
    'stop',
    'start web',
    'rm -fsv',
    'start',
    'create',
    'start',
  ],
  scale: [
    'scale side=3',
    'scale side=1',
    'scale side=0 none=2',
    'scale --no-deps side=2',
    'scale nosuch=2',
    'up -d',
    'up -d --scale side=2',
    'create --scale side=3',
    'start side',
    'up -d',
  ],
  'containers of run': [
    'run -d --no-deps side sleep 100',
    'stop',
    'pause',
    'start',
    'restart',
    'rm -fs',
    'kill',
    'rm -f',
  ],
}

/** Of a container: what both tools must have made of it. */
type Outcome = Record<string, { state: string; same: boolean; again: boolean; killed: boolean }>

for (const [name, lines] of Object.entries(STORIES))
  compared(`${name}: as docker compose does`, (ours) =>
    withScene(ours.engine, async (theirs) => {
      await Promise.all([bringUp(ours, withOurs), bringUp(theirs, withTheirs)])
      for (const each of lines) {
        const { line, because } = typeof each === 'string' ? { line: each, because: undefined } : each
        const [mine, other] = await Promise.all([carryOut(ours, line, withOurs), carryOut(theirs, line, withTheirs)])
        assert.equal(mine.outcome, other.outcome, line)
        if (because === undefined) assert.is(mine.code, other.code, line)
      }
    }),
  )

type Tool = (scene: Scene, args: string[]) => Promise<number | null>

const withOurs: Tool = async (scene, args) => (await scene.run(...args)).code
/** Where COMPOSE_PROJECT_NAME is set, it goes on without the file if that does not load: then names of no service are none of its concern. */
const withTheirs: Tool = ({ folder, project }, args) =>
  codeOf(compose(words, ['-p', project, '-f', FILE, ...args], { cwd: folder }))

async function bringUp(scene: Scene, tool: Tool): Promise<void> {
  await scene.stack(STACK)
  assert.is(await tool(scene, ['--profile', 'off', 'up', '-d']), 0)
}

async function carryOut(scene: Scene, line: string, tool: Tool): Promise<{ code: number | null; outcome: Outcome }> {
  const before = await containersOf(scene.engine, scene.project)
  // It is about what others do to its container, whoever made that.
  const code = await (line.startsWith('run ') ? withTheirs : tool)(scene, line.split(' '))
  return { code, outcome: outcomeOf(await containersOf(scene.engine, scene.project), before) }
}

function outcomeOf(after: Awaited<ReturnType<typeof containersOf>>, before: typeof after): Outcome {
  const entries = Object.entries(after).map(([name, { id, state, startedAt, exitCode }]) => {
    const same = id === before[name]?.id
    const again = same && startedAt !== before[name]?.startedAt
    return [name.replace(/-run-.*/, '-run'), { state, same, again, killed: exitCode === 137 }] as const
  })
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function codeOf(running: Promise<string>): Promise<number> {
  return running.then(
    () => 0,
    (failed: { code?: number }) => failed.code ?? -1,
  )
}

/** What is killed while containers are being stopped, and what is typed next: then everything runs, and goes on running. */
const KILLED: [killed: string, next: string][] = [
  ['stop', 'start'],
  ['stop', 'up -d'],
  ['restart', 'start'],
  ['restart', 'restart'],
  ['restart db', 'up -d'],
  ['rm -fs', 'up -d'],
]

check(
  'a verb that is killed is put right by the next one, whatever the engine still carries out',
  async ({ engine }) => {
    await Promise.all(KILLED.map((lines) => withScene(engine, (scene) => killOnce(scene, ...lines))))
  },
)

/** Stops after a while, so that the engine is still at it when the next command looks. */
const SLOW = { ...shell('trap "sleep 0.6; exit 0" TERM; sleep 1000 & wait'), init: false, restart: 'always' }

async function killOnce(scene: Scene, killed: string, next: string): Promise<void> {
  const { engine, project } = scene
  await scene.stack({ services: { db: SLOW, web: { ...SLOW, depends_on: ['db'] } } })
  succeeded(await scene.run('up', '-d'))
  const signalled = await firstSignal(engine, project)
  const running = scene.launch(...killed.split(' '))
  await signalled()
  running.kill('SIGKILL')
  await running.done
  const story = `${killed}, killed; ${next}`
  const { code, stderr } = await scene.run(...next.split(' '))
  assert.is(code, 0, `${story}: ${stderr}`)
  await new Promise((resolve) => setTimeout(resolve, AFTERMATH))
  const states = Object.entries(await scene.containers()).map(([name, { state }]) => `${name} ${state}`)
  assert.equal(states.sort(), ['db-1 running', 'web-1 running'], `${story}: ${stderr}`)
  assert.is((await scene.run('plan')).code, 0, story)
}

test.run()
