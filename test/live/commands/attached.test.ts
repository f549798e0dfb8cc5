import { randomBytes } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { COMPOSE } from '../../../src/backend/docker/labels.ts'
import { Screen } from '../../view/screen.ts'
import { firstSignal } from '../killed-event.ts'
import { STAYS, scenes, shell } from '../scene.ts'
import { answer, COLUMNS, ended, inTerminal, terminalTests } from '../talk.ts'

const check = await scenes()

/** Says so when it is asked to stop, and takes this long. */
const lastWords = (word: string, seconds: number) => ({
  ...shell(`trap "sleep ${seconds}; echo ${word}; exit 0" TERM; echo begin ${word}; sleep 1000 & wait`),
  init: false,
})

check('logs of every service are shown; Ctrl-C stops in reverse order, and the exit code is 130', async (scene) => {
  const { stack, launch, containers } = scene
  const [front = '', back = ''] = [1, 2].map(() => randomBytes(8).toString('hex'))
  await stack({
    services: { back: lastWords(back, 0.1), front: { ...lastWords(front, 0.4), depends_on: ['back'] } },
  })
  const running = launch('up')
  await running.until(({ stdout }) => stdout.includes(`begin ${front}`) && stdout.includes(`begin ${back}`))
  running.kill('SIGINT')
  assert.is((await running.done).code, 130)
  const { 'front-1': first, 'back-1': second } = await containers()
  assert.equal([first?.state, first?.exitCode], ['exited', 0])
  assert.equal([second?.state, second?.exitCode], ['exited', 0])
  assert.ok(Date.parse(first?.finishedAt ?? '') <= Date.parse(second?.finishedAt ?? ''), 'dependents stop first')
})

check('a second Ctrl-C kills', async ({ stack, launch, container, engine, project }) => {
  await stack({
    services: {
      deaf: {
        ...shell('trap "" TERM; echo begins; sleep 1000 & wait; wait; sleep 1000'),
        init: false,
        stop_grace_period: '50s',
      },
    },
  })
  const running = launch('up')
  await running.until(({ stdout }) => stdout.includes('begins'))
  const signalled = await firstSignal(engine, project)
  running.kill('SIGINT')
  await signalled()
  assert.is((await container('deaf-1')).state, 'running')
  const began = Date.now()
  running.kill('SIGINT')
  assert.is((await running.done).code, 130)
  assert.ok(Date.now() - began < 10_000, 'long before the grace period is over')
  const { state, exitCode } = await container('deaf-1')
  assert.equal([state, exitCode], ['exited', 137])
})

check('SIGTERM is heard like Ctrl-C', async ({ stack, launch, container }) => {
  await stack({ services: { app: STAYS } })
  const running = launch('up')
  await running.until(({ stdout, stderr }) => /app-1/.test(stdout + stderr))
  running.kill('SIGTERM')
  assert.is((await running.done).code, 130)
  await container('app-1').then(
    ({ state }) => assert.not.equal(state, 'running'),
    () => undefined,
  )
})

check('a stack of jobs: up ends by itself once all have ended, and has shown every line', async (scene) => {
  const { stack, run, containers } = scene
  const words = [1, 2, 3].map(() => randomBytes(8).toString('hex'))
  const [one = '', two = '', three = ''] = words
  await stack({
    services: {
      one: shell(`echo ${one}; echo ${two} >&2`),
      two: {
        ...shell(`sleep 0.5; echo ${three}`),
        depends_on: { one: { condition: 'service_completed_successfully' } },
      },
    },
  })
  const { code, stdout, stderr } = await run('up')
  assert.is(code, 0)
  for (const word of [one, three]) assert.is(stdout.split(word).length, 2, 'shown once')
  assert.is(stderr.split(two).length, 2, 'shown once, on the stream that it was written to')
  assert.ok(stdout.indexOf(one) < stdout.indexOf(three))
  const states = Object.values(await containers()).map(({ state, exitCode }) => `${state} ${exitCode}`)
  assert.equal(states, ['exited 0', 'exited 0'])
})

check('logs of a container that is restarted go on', async ({ stack, launch }) => {
  await stack({ services: { app: { ...shell('echo turn; sleep 0.2; exit 1'), restart: 'on-failure:2' } } })
  const { stdout } = await launch('up').done
  assert.is(stdout.match(/turn/g)?.length, 3)
})

check('the first output of each run of a container is shown, even after an unfinished line', async (scene) => {
  const script = 'echo x >> /n; echo life $(wc -l < /n); printf tail; sleep 0.4; exit 2'
  await scene.stack({ services: { app: { ...shell(script), network_mode: 'none', restart: 'on-failure:2' } } })
  const { stdout } = await scene.run('up')
  assert.equal(stdout.match(/life \d|tail/g), ['life 1', 'tail', 'life 2', 'tail', 'life 3', 'tail'])
})

check(
  'the end of a container stops everything, also while others still wait',
  async ({ stack, launch, containers }) => {
    const sick = { ...STAYS, healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 1000 } }
    const web = { ...STAYS, depends_on: { sick: { condition: 'service_healthy' } } }
    await stack({ services: { sick, web, tests: shell('sleep 1; exit 3') } })
    const { code } = await launch('up', '--exit-code-from', 'tests').done
    assert.is(code, 3)
    const states = Object.entries(await containers()).map(([name, { state }]) => [name, state])
    assert.equal(Object.fromEntries(states), { 'sick-1': 'exited', 'web-1': 'created', 'tests-1': 'exited' })
  },
)

check('Ctrl-C while something is waited for leaves nothing running', async ({ stack, launch, containers }) => {
  await stack({
    services: {
      db: { ...STAYS, healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 100 } },
      web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
    },
  })
  const running = launch('--progress', 'json', 'up')
  await running.until(({ stderr }) => /step-start","step":"wait:container\/db/.test(stderr))
  running.kill('SIGINT')
  assert.is((await running.done).code, 130)
  for (const [name, { state }] of Object.entries(await containers())) assert.not.equal(state, 'running', name)
})

check('Ctrl-C of a detached up leaves what has begun', async ({ stack, launch, container }) => {
  await stack({
    services: {
      db: { ...STAYS, healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 100 } },
      web: { ...STAYS, depends_on: { db: { condition: 'service_healthy' } } },
    },
  })
  const running = launch('--progress', 'json', 'up', '-d')
  await running.until(({ stderr }) => /step-start","step":"wait:container\/db/.test(stderr))
  running.kill('SIGINT')
  assert.is((await running.done).code, 130)
  assert.is((await container('db-1')).state, 'running')
  assert.is((await container('web-1')).state, 'created')
})

const WRITERS = ['one', 'two', 'three', 'four']

/** Bursts of lines, with pauses of other lengths for each. */
const writes = (pause: number) =>
  shell(`for i in 1 2 3 4 5 6 7 8; do for j in 1 2 3 4 5; do echo "$i.$j"; done; sleep 0.0${pause}; done`)

check('lines of several services come in the order in which they were written, each once', async (scene) => {
  await scene.stack({ services: Object.fromEntries(WRITERS.map((name, index) => [name, writes(index * 2 + 1)])) })
  const { code, stdout } = await scene.run('up', '--timestamps')
  assert.is(code, 0)
  const lines = stdout.split('\n').flatMap((line) => /^(\w+)-1 +\| (\S+Z) (\d\.\d)$/.exec(line)?.slice(1) ?? [])
  const times = lines.filter((_, index) => index % 3 === 1).map((time) => Date.parse(time))
  assert.ok(latest(times) <= 1000, `behind by ${latest(times)} ms: more than anything is held back for`)
  assert.ok(
    inverted(times) < 0.02,
    `${inverted(times)} of the pairs the wrong way round: more than a busy engine explains`,
  )
  for (const name of WRITERS) {
    const own = lines.filter((_, index) => index % 3 === 2 && lines[index - 2] === name)
    assert.is(new Set(own).size, 40, name)
    assert.equal(own, [...own].sort(), name)
  }
})

/** By how many milliseconds a line stands behind one that was written after it, at most. */
function latest(times: readonly number[]): number {
  let highest = Number.NEGATIVE_INFINITY
  return Math.max(
    ...times.map((time) => {
      highest = Math.max(highest, time)
      return highest - time
    }),
  )
}

/** The share of pairs that stand the wrong way round; about half of all where nothing is put into order. */
function inverted(times: readonly number[]): number {
  const pairs = times.flatMap((time, index) => times.slice(index + 1).map((later) => later < time))
  return pairs.filter(Boolean).length / pairs.length
}

const WORD = /^job-1 +\| ([0-9a-f-]{36})$/gm

check('a job that is run anew: of earlier runs nothing is shown', async ({ stack, run, containers }) => {
  await stack({ services: { job: { ...shell('cat /proc/sys/kernel/random/uuid'), network_mode: 'none' } } })
  const words = async () => [...(await run('up')).stdout.matchAll(WORD)].map(([, word]) => word)
  const first = await words()
  const { id } = (await containers())['job-1'] ?? {}
  const second = await words()
  assert.equal([first.length, second.length], [1, 1])
  assert.is.not(first[0], second[0])
  assert.is((await containers())['job-1']?.id, id, 'in the same container')
})

/** A database that is well once somebody says so, and what waits for it. */
const slowly = {
  db: {
    ...shell('echo db begins; exec sleep 1000'),
    network_mode: 'none',
    healthcheck: { test: ['CMD', 'test', '-e', '/well'], interval: '1s', retries: 60 },
  },
  web: {
    ...shell('echo web begins; exec sleep 1000'),
    network_mode: 'none',
    depends_on: { db: { condition: 'service_healthy' } },
  },
}

check('output of a service is shown while others still wait for it', async (scene) => {
  await scene.stack({ services: slowly })
  const up = scene.launch('up')
  await up.until(({ stdout }) => /^db-1 +\| db begins$/m.test(stdout))
  assert.is((await scene.container('web-1')).state, 'created')
  await scene.inside('db-1', 'touch', '/well')
  await up.until(({ stdout }) => /^web-1 +\| web begins$/m.test(stdout))
  up.kill('SIGINT')
  const { code, stdout } = await up.done
  assert.is(code, 130)
  assert.equal(stdout.match(/\w+ begins/g), ['db begins', 'web begins'])
})

check('a failed up has shown all output before the failure', async (scene) => {
  const hopeless = { ...slowly.db, healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 2 } }
  await scene.stack({ services: { ...slowly, db: hopeless } })
  const { code, stdout } = await scene.run('up')
  assert.is(code, 1)
  assert.equal(stdout.match(/\w+ begins/g), ['db begins'])
})

check('of what is stopped while the engine waits to start it again, that is not the last word', async (scene) => {
  const { stack, launch, container } = scene
  await stack({ services: { app: { ...shell('exit 1'), network_mode: 'none', restart: 'always' } } })
  const up = launch('up')
  // From then on it waits for seconds, twice as long each time.
  await up.until(({ stdout }) => (stdout.match(/restarting/g)?.length ?? 0) >= 6)
  up.kill('SIGINT')
  const { code, stdout } = await up.done
  assert.is(code, 130)
  assert.is((await container('app-1')).state, 'exited')
  assert.not.match(stdout.trim().split('\n').at(-1) ?? '', '(restarting)')
})

check('a container that another command recreates or restarts is followed, and so are new replicas', async (scene) => {
  const { stack, launch, run, containers } = scene
  const says = (word: string) => ({ services: { app: shell(`echo begins ${word}; exec sleep 1000`) } })
  await stack(says('first'))
  const up = launch('up')
  await up.until(({ stdout }) => stdout.includes('begins first'))
  await stack(says('second'))
  assert.is((await run('up', '-d')).code, 0)
  await up.until(({ stdout }) => stdout.includes('begins second'))
  assert.is((await run('restart')).code, 0)
  await up.until(({ stdout }) => stdout.split('begins second').length === 3)
  assert.is((await run('up', '-d', '--scale', 'app=2')).code, 0)
  await up.until(({ stdout }) => /app-2 .*begins second/.test(stdout))
  up.kill('SIGINT')
  const { code, stdout } = await up.done
  assert.is(code, 130)
  assert.equal(stdout.match(/app-\d(?= +\| begins)/g), ['app-1', 'app-1', 'app-1', 'app-2'])
  const { 'app-1': first, 'app-2': second } = await containers()
  assert.equal([first?.state, second?.state], ['exited', 'running'], 'what another command started goes on')
})

const inPty = terminalTests(check)

/** The shell that runs the script gets the keys that are pressed, too. Node takes terminals in CI for colourless. */
const attachedIn = (args: string) => `trap : INT\nenv -u CI TERM=xterm-256color $flotilla up ${args}`

inPty('on a terminal, Ctrl-C shows what is waited for and for how long, and last words', async (scene) => {
  const [quick, slow] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')]
  await scene.stack({ services: { quick: lastWords(quick, 0.1), slow: lastWords(slow, 2.5) } })
  const talking = inTerminal(scene, attachedIn('--timeout 9'))
  await Promise.all([talking.said(`begin ${quick}`), talking.said(`begin ${slow}`)])
  talking.type('\x03')
  const said = await ended(talking, 130)
  assert.match(said, 'press Ctrl-C again to kill')
  assert.match(said, /slow-1 +stopping: killed in 8 s/)
  const prefixes = [quick, slow].map((word) => said.match(new RegExp(`(\\x1b\\[\\d+m)\\w+-1 +\\|\\S* ${word}`))?.[1])
  assert.equal(prefixes, ['\x1b[36m', '\x1b[33m'], 'a colour for each service')
})

inPty('on a terminal, logs stand above what is under way, and go on below it', async (scene) => {
  await scene.stack({ services: slowly })
  const talking = inTerminal(scene, attachedIn(''))
  await talking.said('db begins')
  await scene.inside('db-1', 'touch', '/well')
  await talking.said('web begins')
  talking.type('\x03')
  const screen = new Screen(COLUMNS)
  screen.write((await ended(talking, 130)).replaceAll('\r\n', '\n'))
  const lines = screen.text.split('\n')
  const row = (text: RegExp) => {
    const rows = lines.flatMap((line, index) => (text.test(line) ? [index] : []))
    assert.is(rows.length, 1, `${text} in\n${screen.text}`)
    return rows[0] ?? -1
  }
  const rows = [
    /^db-1 +\| db begins$/,
    /✔ db-1 .* ready/,
    /✔ web-1 .* started/,
    /^web-1 +\| web begins$/,
    /✔ db-1 .* stopped/,
  ]
  assert.equal(
    rows.map(row),
    rows.map(row).sort((a, b) => a - b),
  )
})

inPty('on a terminal, the second Ctrl-C kills', async (scene) => {
  const deaf = shell('trap "" TERM; echo begins; while :; do sleep 1; done')
  await scene.stack({ services: { deaf: { ...deaf, init: false, stop_grace_period: '10m' } } })
  const talking = inTerminal(scene, attachedIn(''))
  await answer(talking, ['begins', '\x03'], ['killed in', '\x03'])
  await ended(talking, 130)
  const { state, exitCode } = await scene.container('deaf-1')
  assert.equal([state, exitCode], ['exited', 137])
})

inPty('what an up started does not outlive its terminal', async (scene) => {
  const { engine, project } = scene
  await scene.stack({ services: { app: lastWords('gone', 0.1) } })
  const talking = inTerminal(scene, attachedIn(''))
  await talking.said('begin gone')
  const over = new AbortController()
  const filter = { types: ['container'], labels: [`${COMPOSE.project}=${project}`] }
  const events = await engine.events(filter, AbortSignal.any([over.signal, AbortSignal.timeout(30_000)]))
  talking.kill('SIGKILL')
  for await (const { action } of events) if (action === 'stop') break
  over.abort()
  const { state, exitCode } = await scene.container('app-1')
  assert.equal([state, exitCode], ['exited', 0])
})

check('logs: of named services, the last lines, followed to the end', async ({ stack, run }) => {
  await stack({
    services: {
      a: shell('for i in 1 2 3 4 5; do echo "a $i"; done; exec sleep 1000'),
      b: shell('echo b; exec sleep 1'),
    },
  })
  assert.is((await run('up', '-d')).code, 0)
  const { stdout } = await run('logs', '--tail', '2', '--no-log-prefix', 'a')
  assert.equal(stdout.trim().split('\n'), ['a 4', 'a 5'])
  const followed = await run('logs', '-f', 'b')
  assert.is(followed.code, 0)
  assert.match(followed.stdout, /b-1 +.*b\n/)
})

test.run()
