import { constants } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { EngineError } from '../../../src/docker/port.ts'
import { signalNumber } from '../../../src/stack/signal.ts'
import { succeeded } from '../../support/cli.ts'
import { AFTERMATH } from '../chaos.ts'
import { firstSignal } from '../killed-event.ts'
import { nothingToChange, type Scene, STAYS, scenes, shell, withScene } from '../scene.ts'
import { compareStories } from './verb-stories.ts'

/** What depends on the engine's version: states of containers, signals, and what it still carries out for a command that was killed. */
const check = await scenes()

await compareStories({
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
})

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
