import { constants } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EngineError } from '../../../src/docker/port.ts'
import { signalNumber } from '../../../src/stack/signal.ts'
import { succeeded } from '../../support/cli.ts'
import { AFTERMATH } from '../chaos.ts'
import { compose, composePlugin } from '../compose.ts'
import { firstSignal } from '../killed-event.ts'
import { containersOf, FILE, nothingToChange, type Scene, STAYS, scenes, shell, withScene } from '../scene.ts'

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
    { line: 'kill -s NONSENSE side', because: 'it is looked at though nothing runs that it could be sent to' },
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
  'a service without a container': [
    'rm -fs web',
    'start web',
    'start',
    'restart web',
    'stop web',
    'kill web',
    'pause web',
    'unpause web',
    'rm -f web',
    'ps web',
    'ps -q web',
    'ps nosuch',
    'wait web',
    'create web',
    'rm -fs db',
    'start db',
    'start web',
    'stop side',
    'start side',
    'restart side',
    'stop',
    'start web',
    'start side',
    'kill -s NONSENSE side',
    'exec -T db true',
    'exec -T side true',
  ],
  'no container at all': [
    'rm -fs',
    'start',
    'start web',
    'start none',
    { line: 'restart', because: 'what is not there is told of, whatever is declared to wait for it' },
    { line: 'restart web', because: 'the same' },
    'stop',
    'stop web',
    'kill',
    'kill web',
    'pause',
    'pause web',
    'unpause web',
    'rm -f',
    'ps',
    'ps web',
    'wait web',
    'scale none=0',
    'up -d web',
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
        const [outcome, expected] = await settled(mine.look, other.look)
        assert.equal(outcome, expected, `${line}: ${mine.said}`)
        if (because === undefined) assert.is(mine.code, other.code, `${line}: ${mine.said}`)
      }
    }),
  )

/** What it said is for the reader of a difference. */
type Tool = (scene: Scene, args: string[]) => Promise<{ code: number | null; said: string }>

const withOurs: Tool = async (scene, args) => {
  const { code, stderr } = await scene.run(...args)
  return { code, said: stderr }
}
/** Where COMPOSE_PROJECT_NAME is set, it goes on without the file if that does not load: then names of no service are none of its concern. */
const withTheirs: Tool = async ({ folder, project }, args) => {
  const code = await codeOf(compose(words, ['-p', project, '-f', FILE, ...args], { cwd: folder }))
  return { code, said: '' }
}

async function bringUp(scene: Scene, tool: Tool): Promise<void> {
  await scene.stack(STACK)
  const { code, said } = await tool(scene, ['--profile', 'off', 'up', '-d'])
  assert.is(code, 0, said)
}

interface Carried {
  code: number | null
  said: string
  /** What has become of the containers by now. */
  look(): Promise<Outcome>
}

async function carryOut(scene: Scene, line: string, tool: Tool): Promise<Carried> {
  const before = await containersOf(scene.engine, scene.project)
  // It is about what others do to its container, whichever tool made that.
  const ran = await (line.startsWith('run ') ? withTheirs : tool)(scene, line.split(' '))
  return { ...ran, look: async () => outcomeOf(await containersOf(scene.engine, scene.project), before) }
}

/** Who sends a signal does not wait for the end: looked at until both are the same, or never will be. */
async function settled(...looks: Carried['look'][]): Promise<Outcome[]> {
  for (let tries = 0; ; tries++) {
    const outcomes = await Promise.all(looks.map((look) => look()))
    if (tries === 100 || new Set(outcomes.map((each) => JSON.stringify(each))).size === 1) return outcomes
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
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
  await nothingToChange(scene.run, story)
}

/** Names and numbers, as they are and a little beside. */
const SIGNALS = [
  ...Object.keys(constants.signals),
  ...Array.from({ length: 68 }, (_, number) => `${number}`),
  ...['', '+', '+0', '-0', '+1', '+01', '+15', '+16', '-1', '+', '1'].flatMap((end) => [
    `RTMIN${end}`,
    `sigrtmin${end}`,
  ]),
  ...['', '-0', '-1', '-14', '-15', '+1', '1'].flatMap((end) => [`RTMAX${end}`, `SIGRTMAX${end}`]),
  ...[
    'term',
    'sigterm',
    'Term',
    'SIG',
    'SIGSIGTERM',
    'FOO',
    'CLD',
    'IOT',
    'POLL',
    'EMT',
    'UNUSED',
    'STKFLT',
    '0x9',
    '9.0',
    '-9',
    '09',
    '+9',
    ' TERM',
  ],
]

check('signals: those are known that the engine knows', async ({ engine, stack, run, container }) => {
  await stack({ services: { web: STAYS } })
  succeeded(await run('create'))
  const { id } = await container('web-1')
  // Of one that does not run, the engine looks at the signal first.
  const isKnown = (signal: string) =>
    engine.killContainer(id, signal).then(
      () => true,
      (thrown) => thrown instanceof EngineError && /is not running/.test(thrown.message),
    )
  const theirs = await Promise.all(SIGNALS.map(isKnown))
  assert.equal(
    SIGNALS.filter((signal) => signalNumber(signal) !== undefined),
    SIGNALS.filter((_, index) => theirs[index]),
  )
})

test.run()
