import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compose, composePlugin } from './compose.ts'
import { containersOf, FILE, type Scene, STAYS, scenes, shell, withScene } from './scene.ts'

// What an attached `up` exits with, and what it leaves behind, beside `docker compose`.

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const check = await scenes()
const compared: typeof check = 'skip' in plugin ? (name) => test.skip(name) : check
const words = 'words' in plugin ? plugin.words : []

/** Ends with this code after so many seconds. */
const ends = (seconds: number, code: number) => shell(`sleep ${seconds}; exit ${code}`)

/** Ends with this code when it is asked to. */
const obeys = (code: number) => ({ ...shell(`trap "exit ${code}" TERM; sleep 1000 & wait`), init: false })

const NEVER = { test: ['CMD', 'false'], interval: '1s', retries: 100 }

interface Story {
  services: Record<string, object>
  /** Run before, by the same tool. */
  before?: string
  up: string
  /** Why the outcome differs, where it does so on purpose. */
  because?: string
}

const STORIES: Record<string, Story> = {
  'all end by themselves': { services: { a: ends(0.5, 0), b: ends(1, 3) }, up: 'up' },
  'the first to end decides': {
    services: { a: ends(1, 0), b: ends(3, 5), c: obeys(7) },
    up: 'up --abort-on-container-exit',
  },
  'the first to end decides, with a failure': {
    services: { a: ends(1, 4), b: ends(30, 5), c: STAYS },
    up: 'up --abort-on-container-exit',
  },
  'the first failure decides': {
    services: { a: ends(0.5, 0), b: ends(2, 5), c: STAYS },
    up: 'up --abort-on-container-failure',
  },
  'no failure': { services: { a: ends(0.5, 0), b: ends(1, 0) }, up: 'up --abort-on-container-failure' },
  'the code of a service that ends first': { services: { a: ends(1, 9), b: STAYS }, up: 'up --exit-code-from a' },
  'the code of a service that is stopped': { services: { a: ends(1, 9), b: obeys(7) }, up: 'up --exit-code-from b' },
  'the code of a service after a failure': {
    services: { a: ends(0.5, 0), b: ends(2, 5), c: obeys(7) },
    up: 'up --abort-on-container-failure --exit-code-from c',
  },
  'a service that is not there': { services: { a: ends(1, 0) }, up: 'up --exit-code-from nosuch' },
  'attached to a service that is not there': { services: { a: ends(1, 0) }, up: 'up --attach nosuch' },
  'not attached to a service that is not there': { services: { a: ends(1, 0) }, up: 'up --no-attach nosuch' },
  'a named service ends': { services: { db: STAYS, job: { ...ends(1, 2), depends_on: ['db'] } }, up: 'up job' },
  'a named service ends, and all is to be stopped': {
    services: { db: STAYS, job: { ...ends(1, 2), depends_on: ['db'] } },
    up: 'up --abort-on-container-exit job',
    because: 'what the same command started for the job is stopped with it',
  },
  'a job before the others': {
    services: {
      first: ends(0.2, 0),
      last: { ...ends(2, 6), depends_on: { first: { condition: 'service_completed_successfully' } } },
    },
    up: 'up --abort-on-container-exit',
  },
  'a job before the others, and a code': {
    services: {
      first: ends(0.2, 0),
      last: { ...ends(2, 6), depends_on: { first: { condition: 'service_completed_successfully' } } },
    },
    up: 'up --exit-code-from last',
  },
  'one that is restarted': {
    services: { a: { ...ends(1, 3), restart: 'on-failure:1' }, b: STAYS },
    up: 'up --abort-on-container-exit',
  },
  'one that nobody is attached to': {
    services: { a: { ...ends(1, 3), attach: false }, b: ends(4, 0) },
    up: 'up --abort-on-container-exit',
  },
  'one that nobody is attached to goes on': {
    services: { a: { ...STAYS, attach: false }, b: ends(1, 0) },
    up: 'up',
  },
  'what ran before': {
    services: { a: STAYS, b: ends(1, 3) },
    before: 'up -d a',
    up: 'up --abort-on-container-exit',
  },
  'a wait for one that does its work': {
    services: { a: { ...ends(1, 0), healthcheck: NEVER }, b: STAYS },
    up: 'up --wait',
    because: 'what has ended with 0 has done its work',
  },
  'a wait for one that fails': { services: { a: { ...ends(1, 3), healthcheck: NEVER }, b: STAYS }, up: 'up --wait' },
  'a wait that takes too long': {
    services: { a: { ...STAYS, healthcheck: NEVER } },
    up: 'up --wait --wait-timeout 2',
  },
  'flags that exclude each other': { services: { a: STAYS }, up: 'up -d --abort-on-container-exit' },
  'flags that exclude each other too': { services: { a: STAYS }, up: 'up --wait --attach a' },
}

interface Outcome {
  code: number | null
  states: Record<string, string>
}

for (const [name, story] of Object.entries(STORIES)) {
  compared(`as docker compose: ${name}`, async (scene) => {
    const [ours, theirs] = await Promise.all([
      told(scene, story, (args) => scene.run(...args)),
      withScene(scene.engine, (other) => told(other, story, (args) => composeUp(other, args))),
    ])
    if (story.because === undefined) assert.equal(ours, theirs)
    else assert.not.equal(ours, theirs, `not any more: ${story.because}`)
  })
}

async function told(
  scene: Scene,
  { services, before, up }: Story,
  run: (args: string[]) => Promise<{ code: number | null }>,
): Promise<Outcome> {
  await scene.stack({ services })
  if (before !== undefined) await run(before.split(' '))
  const { code } = await run(up.split(' '))
  const all = Object.entries(await containersOf(scene.engine, scene.project))
  const states = all.map(([name, { state, exitCode }]) => [name, state === 'exited' ? `exited ${exitCode}` : state])
  return { code, states: Object.fromEntries(states.sort()) }
}

function composeUp({ folder, project }: Scene, args: string[]): Promise<{ code: number | null }> {
  return compose(words, ['-p', project, '-f', FILE, ...args], { cwd: folder }).then(
    () => ({ code: 0 }),
    (failed: { code?: number }) => ({ code: failed.code ?? null }),
  )
}

test.run()
