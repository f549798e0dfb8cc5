import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openBackend, openReader } from '../../src/backend/registry.ts'
import { commandsOf } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { COMMANDS } from '../../src/command/table.ts'
import { connect } from '../../src/docker/connect.ts'
import { writePack } from '../../src/pack/write/write-pack.ts'
import { testHost } from '../cli/support.ts'
import { GZIP } from '../pack/packed.ts'
import { samplePack } from '../pack/sample.ts'
import { type HostileEngine, hostileEngine } from '../support/hostile/hostile-engine.ts'
import { quickClock } from '../support/hostile/quick-clock.ts'
import { FITTING, HUGE, WAYS } from '../support/hostile/ways.ts'
import { quickFolder } from '../support/quick-folder.ts'

const STACK = `
name: p
services:
  db:
    image: app:1
    healthcheck: {test: [CMD, "true"], interval: 1s}
    volumes: ["data:/data"]
  web:
    image: app:1
    depends_on: {db: {condition: service_healthy}}
    post_start: [{command: ["true"]}]
    ports: ["8080:80"]
volumes: {data: null}
`
const BUILT = 'name: p\nservices: {built: {image: "built:1", build: .}}\n'

const PACK = 'lab.tar'

/** How commands are called; others without arguments. */
const LINES: Record<string, string[][]> = {
  up: [['-d'], ['-d', '--wait', '--force-recreate'], ['-d', '--pull', 'always'], ['-f', 'built.yaml', '-d', '--build']],
  down: [['-v', '--rmi', 'all']],
  pull: [[]],
  push: [['-f', 'built.yaml']],
  publish: [['-f', 'built.yaml', '-y', '--resolve-image-digests', 'registry.invalid/x']],
  build: [['-f', 'built.yaml', '--push']],
  exec: [
    ['-T', 'web', 'true'],
    ['-d', 'web', 'true'],
  ],
  run: [
    ['--rm', '-T', 'web', 'true'],
    ['-d', 'web'],
  ],
  attach: [['--no-stdin', 'web']],
  cp: [
    ['web:/x', 'copy'],
    ['stack.yaml', 'web:/folder'],
  ],
  export: [['-o', 'web.tar', 'web']],
  commit: [['web', 'image:1']],
  watch: [['--no-up']],
  open: [['web', '--print']],
  scale: [['db=2']],
  rm: [['-sf']],
  wait: [['web']],
  config: [['--resolve-image-digests']],
  guard: [['--status']],
  init: [['--list']],
  port: [['web', '80']],
  stats: [['--no-stream']],
  events: [['--until', '0s']],
  apply: [['none.json']],
  pack: [
    ['-o', 'packed.tar'],
    ['--no-images', '-o', 'packed.tar'],
  ],
  unpack: [[PACK, '--replace-tags']],
  snapshot: [['create'], ['ls']],
}

const lines = Object.keys(commandsOf(COMMANDS)).flatMap((name) => (LINES[name] ?? [[]]).map((args) => [name, ...args]))

const SILENCE_S = 0.5
/** For an engine that behaves. */
const PLENTY_S = 60
/** Far more than ten silences. */
const LONGEST_MS = 60_000
/** For what never ends. */
const A_WHILE_MS = 3_000
/** Goes on for as long as a container runs. */
const ENDLESS = new Set(['wait'])
const AT_ONCE = 24

interface Scene {
  engine: HostileEngine
  directory: string
}

interface Ran {
  code: number
  err: string
  interrupted: boolean
}

async function scene<T>(body: (scene: Scene) => Promise<T>): Promise<T> {
  const directory = quickFolder('flotilla-hostile-')
  writeFileSync(join(directory, 'stack.yaml'), STACK)
  writeFileSync(join(directory, 'built.yaml'), BUILT)
  writeFileSync(join(directory, 'Dockerfile'), 'FROM scratch\n')
  mkdirSync(join(directory, 'state'))
  await writePack(join(directory, PACK), samplePack({ volumes: [], dumps: [] }), GZIP)
  const engine = await hostileEngine()
  try {
    return await body({ engine, directory })
  } finally {
    await engine.close()
    rmSync(directory, { recursive: true })
  }
}

interface Ends {
  patience: number
  /** Seconds of FLOTILLA_ENGINE_TIMEOUT. */
  limit?: number
  seen?: AbortSignal
}

/** Rejects for a bug. A command that is still under way after `patience` milliseconds, or once `seen` aborts, is interrupted. */
async function run(
  { engine, directory }: Scene,
  argv: string[],
  { patience, limit = SILENCE_S, seen }: Ends,
): Promise<Ran> {
  const env = { DOCKER_HOST: engine.host, FLOTILLA_ENGINE_TIMEOUT: String(limit) }
  const connected = () => connect({ env, home: '/nowhere', platform: 'linux' })
  const hosted = testHost(['--progress', 'plain', ...argv], {
    cwd: directory,
    env,
    clock: quickClock,
    stateFolder: join(directory, 'state'),
    openBackend: async (options) => openBackend({ backend: 'engine', engine: await connected() }, options),
    openReader: async () => openReader({ backend: 'engine', engine: await connected() }),
    engineVersion: async (signal) => (await connected()).version(signal).catch(() => undefined),
  })
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    hosted.interrupt()
  }
  const timer = setInterval(interrupt, patience)
  seen?.addEventListener('abort', interrupt)
  try {
    const code = await runProgram(hosted.host, COMMANDS)
    return { code, err: hosted.err(), interrupted }
  } finally {
    clearInterval(timer)
  }
}

/** What a command asks of an engine that behaves, and its exit code then. */
function behaving(argv: string[]): Promise<{ routes: string[]; code: number }> {
  return scene(async (at) => {
    const { code } = await run(at, argv, {
      patience: ENDLESS.has(argv[0] ?? '') ? A_WHILE_MS : LONGEST_MS,
      limit: PLENTY_S,
    })
    return { routes: [...at.engine.called], code }
  })
}

interface Case {
  argv: string[]
  /** Where the engine behaves. */
  code: number
  route: string
  way: string
}

/** Every call of every command, each in another way; with HOSTILE=PATTERN in all ways that match it: all of them take long. */
async function cases(): Promise<Case[]> {
  const calls: Omit<Case, 'way'>[] = []
  for (const argv of lines) {
    const { routes, code } = await behaving(argv)
    calls.push(...routes.map((route) => ({ argv, route, code })))
  }
  const ways = Object.keys(WAYS).filter((way) => !HUGE.has(way))
  const chosen = process.env.HOSTILE
  if (chosen) return calls.flatMap((call) => ways.filter((way) => way.match(chosen)).map((way) => ({ ...call, way })))
  return calls.map((call, at) => ({ ...call, way: ways[(at * STRIDE) % ways.length] ?? '' }))
}

/** Has no divisor in common with the number of ways. */
const STRIDE = 7

/** What may be silent for good, and what is silent about it. */
const STREAMS = /events|attach|wait|exec\/ID\/start|session/
const STAYS = /^silence in the body|drop by drop$|^switches protocols/

/** Without events, `wait` asks for the list each second, where the container runs for ever. */
const asksInstead = ([name]: string[], route: string) => name === 'wait' && route === 'GET /events'

/** What a command can do without. */
const SPARE = /^GET \/(_ping|version|events)/

async function misbehaving({ argv, route, way, code }: Case): Promise<void> {
  const about = `${argv.join(' ')}, ${route}, ${way}`
  await scene(async (at) => {
    let begun = false
    let lists = 0
    const asked = new AbortController()
    at.engine.misbehave((called) => {
      begun ||= called === route
      if (called === 'GET /containers/json' && ++lists > 1 && asksInstead(argv, route)) asked.abort()
      // An engine that falls silent about a single call is only busy.
      return called === route || (begun && /^silence|drop by drop/.test(way)) ? WAYS[way] : undefined
    })
    const isSilent = STREAMS.test(route) && STAYS.test(way)
    const ran = await run(at, argv, { patience: isSilent ? A_WHILE_MS : LONGEST_MS, seen: asked.signal }).catch(
      (thrown) => ({
        bug: thrown.stack,
      }),
    )
    if ('bug' in ran) throw new Error(`${about}: ${ran.bug}`)
    if (process.env.SHOW) console.log(`${ran.code}${ran.interrupted ? ' interrupted' : ''}: ${about}\n${ran.err}`)
    if (ran.interrupted) return assert.ok(isSilent || asked.signal.aborted, `${about}: did not end\n${ran.err}`)
    const unimpressed = ran.code === code
    assert.ok(
      !unimpressed || code === 1 || FITTING.has(way) || SPARE.test(route),
      `${about}: exit code ${code}\n${ran.err}`,
    )
    assert.ok(unimpressed || isReported(ran.err), `${about}: reported in\n${ran.err}`)
  })
}

/** Each error is one line with something to read. */
function isReported(err: string): boolean {
  const errors = err.split('\n').filter((line) => line.startsWith('error['))
  return errors.length > 0 && errors.every((line) => /^error\[[\w-]+\]: .{3,2200}$/.test(line) && !CONTROLS.test(line))
}

const CONTROLS = /[^\P{Cc}\t]/u

test('whatever call is answered in whatever way, a command ends and says what went wrong', async () => {
  const queue = (await cases()).values()
  const worker = async () => {
    for (const each of queue) await misbehaving(each)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
})

test.run()
