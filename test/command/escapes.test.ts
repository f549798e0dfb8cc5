import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openBackend, openReader } from '../../src/backend/registry.ts'
import { runProgram } from '../../src/cli/program.ts'
import { COMMANDS } from '../../src/command/table.ts'
import { connect } from '../../src/docker/connect.ts'
import { testHost } from '../cli/support.ts'
import { hostileEngine } from '../support/hostile/hostile-engine.ts'
import { quickClock } from '../support/hostile/quick-clock.ts'
import type { Way } from '../support/hostile/ways.ts'

const STACK = 'name: p\nservices: {web: {image: "app:1"}, db: {image: "app:1"}}\n'

/** Sets a window's title, rings, clears the screen in two ways, and goes back to the start of the line. */
const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u009b2J\r'
const isClean = (text: string) =>
  !['\u001b]', '\u0007', '\u001b[2J', '\u009b', '\r'].some((each) => text.includes(each))

/** What an engine cannot fill with any text, or what makes a container one of the project. */
const EXACT =
  /^(Id|ImageID|Image|State|Status|Created|StartedAt|FinishedAt|Type|NetworkID|Driver|.*\.(project|container-number|oneoff))$/

function dirty(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return EXACT.test(key) ? value : value + ESCAPES
  if (Array.isArray(value)) return value.map((each) => dirty(each, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, dirty(inner, name)]))
}

const listed: Way = (_, { body }, response) => {
  const containers = dirty(body) as Record<string, unknown>[]
  // Engines hold names of images and states to a form; what stands in for one does not.
  const all = containers.map((each) => ({ ...each, Image: `app:1${ESCAPES}`, Status: `Up 2 hours${ESCAPES}` }))
  response.end(JSON.stringify(all))
}
const dirtied: Way = (_, { body }, response) => void response.end(JSON.stringify(dirty(body)))
const refused: Way = (_, __, response) =>
  void response.writeHead(409).end(JSON.stringify({ message: `no${ESCAPES}such thing` }))

const wayOf = (route: string): Way | undefined => {
  if (route === 'GET /containers/json') return listed
  if (/^GET .*(networks|volumes|json)/.test(route) && !route.startsWith('GET /images')) return dirtied
  return /^(POST|DELETE)/.test(route) ? refused : undefined
}

const LINES = [
  ['ps', '-a'],
  ['ps', '-a', '--no-trunc'],
  ['ps', '-a', '--format', 'json'],
  ['ps', '--services'],
  ['endpoints'],
  ['endpoints', '--format', 'json'],
  ['plan'],
  ['plan', '--format', 'json'],
  ['up', '-d'],
  ['up', '-d', '--remove-orphans'],
  ['down'],
  ['-p', 'p', 'stop'],
  ['-p', 'p', 'kill'],
  ['exec', '-T', 'nosuch', 'true'],
]

/** Waiting steps have been reported often enough by then. */
const LONGEST_MS = 30_000

test('escapes from the engine reach no terminal', async () => {
  const modes = ['plain', 'tree', 'json', 'quiet'].map((mode) => ['--progress', mode])
  const all = modes.flatMap((mode) => LINES.map((line) => [...mode, ...line]))
  await Promise.all(
    all.map(async (line) => {
      const { out, err } = await run(line, wayOf)
      const about = `${line.join(' ')}: ${JSON.stringify(out + err)}`
      assert.ok(isClean(out + err), about)
      assert.ok((out + err).trim() !== '' || line.includes('quiet'), about)
    }),
  )
})

test("escapes in a container's output stay, and the name before it has none", async () => {
  const { out } = await run(['logs', '--no-color'], (route) => (route === 'GET /containers/json' ? listed : undefined))
  assert.match(out, '\u001b[32mhello')
  assert.ok(isClean(out), JSON.stringify(out))
})

async function run(
  argv: string[],
  misbehave: (route: string) => Way | undefined,
): Promise<{ out: string; err: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-escapes-'))
  writeFileSync(join(directory, 'stack.yaml'), STACK)
  const engine = await hostileEngine()
  engine.misbehave(misbehave)
  const env = { DOCKER_HOST: engine.host }
  const connected = () => connect({ env, home: '/nowhere', platform: 'linux' })
  const hosted = testHost(argv, {
    cwd: directory,
    env,
    clock: quickClock,
    stateFolder: join(directory, 'state'),
    openBackend: async (options) => openBackend({ backend: 'engine', engine: await connected() }, options),
    openReader: async () => openReader({ backend: 'engine', engine: await connected() }),
  })
  const timer = setTimeout(hosted.interrupt, LONGEST_MS)
  try {
    await runProgram(hosted.host, COMMANDS)
    return { out: hosted.out(), err: hosted.err() }
  } finally {
    clearTimeout(timer)
    await engine.close()
    rmSync(directory, { recursive: true })
  }
}

test.run()
