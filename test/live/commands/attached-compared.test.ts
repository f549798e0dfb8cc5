import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { eventually } from '../../docker/contract/expect.ts'
import { liveEngine } from '../../support/live.ts'
import { composePlugin } from '../compose.ts'
import { containersOf, FILE, type Scene, STAYS, scenes, shell, withScene } from '../scene.ts'
import { begin, FLOTILLA, type Talking } from '../talk.ts'

// What an attached `up` exits with, and what it leaves behind, beside `docker compose`. Nothing depends on who is faster: containers end
// when the test says so, which it does once the command shows that it follows them.

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const check = await scenes()
const compared: typeof check = 'skip' in plugin ? (name) => test.skip(name) : check
const words = 'words' in plugin ? plugin.words : []

/** How many stories run at once, each with both tools. No container has a network: the engine has few address pools. */
const AT_ONCE = 3

/** Ends with this code when the test says so; asked to stop before that, with another one. */
const ends = (code: number, stopped = 143) =>
  plain(`trap "exit ${stopped}" TERM; echo "begins $NAME"; until [ -e /go ]; do sleep 0.1; done; exit ${code}`)

/** Goes on until it is asked to stop. */
const stays = (stopped = 143) => plain(`trap "exit ${stopped}" TERM; echo "begins $NAME"; sleep 1000 & wait`)

function plain(script: string) {
  return { ...shell(script), init: false, network_mode: 'none' }
}

const DONE = { condition: 'service_completed_successfully' }

const NEVER = { test: ['CMD', 'false'], interval: '1s', retries: 100 }

interface Story {
  services: Record<string, object>
  /** Run before, by the same tool. */
  before?: string
  up: string
  /** Services whose logs are shown; by default all. */
  shows?: string[]
  /** Services that end on request once all are followed, each once the one before has ended. */
  ending?: string[]
  /** Why the outcome differs, where it does so on purpose. */
  because?: string
}

const STORIES: Record<string, Story> = {
  'all end by themselves': { services: { a: ends(0), b: ends(3) }, up: 'up', ending: ['a', 'b'] },
  'the first to end decides': {
    services: { a: ends(0), b: ends(5), c: stays(7) },
    up: 'up --abort-on-container-exit',
    ending: ['a'],
  },
  'the first to end decides, with a failure': {
    services: { a: ends(4), b: ends(5), c: stays() },
    up: 'up --abort-on-container-exit',
    ending: ['a'],
  },
  'the first failure decides': {
    services: { a: ends(0), b: ends(5), c: stays() },
    up: 'up --abort-on-container-failure',
    ending: ['a', 'b'],
  },
  'no failure': {
    services: { a: ends(0), b: ends(0) },
    up: 'up --abort-on-container-failure',
    ending: ['a', 'b'],
  },
  'the code of a service that ends first': {
    services: { a: ends(9), b: stays() },
    up: 'up --exit-code-from a',
    ending: ['a'],
  },
  'the code of a service that is stopped': {
    services: { a: ends(9), b: stays(7) },
    up: 'up --exit-code-from b',
    ending: ['a'],
  },
  'the code of a service after a failure': {
    services: { a: ends(0), b: ends(5), c: stays(7) },
    up: 'up --abort-on-container-failure --exit-code-from c',
    ending: ['a', 'b'],
  },
  'a service that is not there': { services: { a: ends(0) }, up: 'up --exit-code-from nosuch' },
  'attached to a service that is not there': { services: { a: ends(0) }, up: 'up --attach nosuch' },
  'not attached to a service that is not there': {
    services: { a: ends(0) },
    up: 'up --no-attach nosuch',
    ending: ['a'],
  },
  'a named service ends': {
    services: { db: stays(), job: { ...ends(2), depends_on: ['db'] } },
    up: 'up job',
    shows: ['job'],
    ending: ['job'],
  },
  'a named service ends, and all is to be stopped': {
    services: { db: stays(), job: { ...ends(2), depends_on: ['db'] } },
    up: 'up --abort-on-container-exit job',
    shows: ['job'],
    ending: ['job'],
    because: 'what the same command started for the job is stopped with it',
  },
  'a job before the others': {
    services: { first: plain('exit 0'), last: { ...ends(6), depends_on: { first: DONE } } },
    up: 'up',
    shows: ['last'],
    ending: ['last'],
  },
  'a job before the others, and the first failure decides': {
    services: { first: plain('exit 0'), last: { ...ends(6), depends_on: { first: DONE } } },
    up: 'up --abort-on-container-failure',
    shows: ['last'],
    ending: ['last'],
  },
  'a job before the others, the first failure, and a code': {
    services: { first: plain('exit 0'), last: { ...ends(6), depends_on: { first: DONE } } },
    up: 'up --abort-on-container-failure --exit-code-from first',
    shows: ['last'],
    ending: ['last'],
    because: 'the code of the service that is named counts, also if it ended before the one that failed',
  },
  'one that is restarted': {
    services: { a: { ...ends(3), restart: 'on-failure:1' }, b: ends(0) },
    up: 'up',
    ending: ['a', 'b'],
  },
  'one that nobody is attached to': {
    services: { a: { ...ends(3), attach: false }, b: { ...ends(0), depends_on: ['a'] } },
    up: 'up --abort-on-container-exit',
    shows: ['b'],
    ending: ['a', 'b'],
  },
  'one that nobody is attached to goes on': {
    services: { a: { ...stays(), attach: false }, b: ends(0) },
    up: 'up',
    shows: ['b'],
    ending: ['b'],
  },
  'containers from before': {
    services: { a: stays(), b: ends(3) },
    before: 'up -d a',
    up: 'up --abort-on-container-exit',
    shows: ['b'],
    ending: ['b'],
  },
  'a wait for one that does its work': {
    services: { a: { ...plain('exit 0'), healthcheck: NEVER }, b: stays() },
    up: 'up --wait',
    because: 'what has ended with 0 has done its work',
  },
  'a wait for one that fails': {
    services: { a: { ...plain('exit 3'), healthcheck: NEVER }, b: stays() },
    up: 'up --wait',
  },
  // What docker compose makes of a wait that takes too long is chance: 0 or 1.
  'a wait that is over in time': {
    services: { a: { ...stays(), healthcheck: { ...NEVER, test: ['CMD', 'true'] } } },
    up: 'up --wait --wait-timeout 100',
  },
  'flags that exclude each other': { services: { a: STAYS }, up: 'up -d --abort-on-container-exit' },
  'flags that exclude each other too': { services: { a: STAYS }, up: 'up --wait --attach a' },
}

interface Outcome {
  code: number | null
  states: Record<string, string>
}

const outcomes = beforehand(Object.values(STORIES))

for (const [index, [name, story]] of Object.entries(STORIES).entries()) {
  compared(`as docker compose: ${name}`, async () => {
    const { ours, theirs } = await outcomes(index)
    if (story.because === undefined) assert.equal(ours, theirs)
    else assert.not.equal(ours, theirs, `not any more: ${story.because}`)
  })
}

interface Both {
  ours: Outcome
  theirs: Outcome
}

/** Tells all stories, a few at once, as soon as the first outcome is asked for. */
function beforehand(stories: readonly Story[]): (index: number) => Promise<Both> {
  const reported: Promise<Both>[] = []
  const begin = () => {
    const turns = Array.from({ length: AT_ONCE }, () => Promise.resolve())
    for (const story of stories) {
      const turn = reported.length % AT_ONCE
      const outcome = (turns[turn] ?? Promise.resolve()).then(() => bothOf(story))
      turns[turn] = outcome.then(
        () => undefined,
        () => undefined,
      )
      reported.push(outcome)
    }
  }
  return (index) => {
    if (reported.length === 0) begin()
    return reported[index] ?? Promise.reject(new Error(`there is no story ${index}`))
  }
}

async function bothOf(story: Story): Promise<Both> {
  const live = await liveEngine()
  if ('skip' in live) throw new Error(live.skip)
  const of = (tool: (scene: Scene) => string[]) =>
    withScene(live.engine, (scene) => outcomeOf(scene, story, tool(scene)))
  const [ours, theirs] = await Promise.all([
    of(() => FLOTILLA),
    of(({ project }) => [...words, '-p', project, '-f', FILE]),
  ])
  return { ours, theirs }
}

async function outcomeOf(scene: Scene, story: Story, tool: string[]): Promise<Outcome> {
  const { services, before, up, ending = [] } = story
  const named = Object.entries(services).map(([name, service]) => [name, { environment: { NAME: name }, ...service }])
  await scene.stack({ services: Object.fromEntries(named) })
  if (before !== undefined) await begin([...tool, ...before.split(' ')], scene, NOTHING).done
  const talking = begin([...tool, ...up.split(' ')], scene, NOTHING)
  if (ending.length > 0) await direct(scene, story, talking)
  const { code } = await talking.done
  const all = Object.entries(await containersOf(scene.engine, scene.project))
  const states = all.map(([name, { state, exitCode }]) => [name, state === 'exited' ? `exited ${exitCode}` : state])
  return { code, states: Object.fromEntries(states.sort()) }
}

const NOTHING = Buffer.alloc(0)

/** Tells one after the other to end, from when the command shows that it follows them. */
async function direct({ engine, project }: Scene, story: Story, talking: Talking): Promise<void> {
  const { services, shows = Object.keys(services), ending = [] } = story
  await Promise.all(shows.map((service) => talking.said(`begins ${service}`)))
  for (const service of ending) {
    const { id = '' } = (await containersOf(engine, project))[`${service}-1`] ?? {}
    const end = await engine.waitContainer(id, 'next-exit', AbortSignal.timeout(30_000))
    await engine.exec(id, { cmd: ['touch', '/go'] }, AbortSignal.timeout(30_000))
    await end.exitCode()
    // One that is restarted ends for good only later.
    await eventually(engine, async () => (await engine.inspectContainer(id))?.state === 'exited')
  }
}

test.run()
