import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { composePlugin } from '../compose.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'
import {
  begin,
  COLUMNS,
  ended,
  FLOTILLA,
  inTerminal,
  LINES,
  noted,
  raise,
  readable,
  SIGNALS,
  type Talk,
  terminalTests,
} from '../talk.ts'

const check = await scenes()
const compose = await composePlugin()

const STACK = { services: { web: { ...STAYS, environment: { FROM: 'service' } } } }

async function up(scene: Scene): Promise<void> {
  await scene.stack(STACK)
  succeeded(await scene.run('up', '-d'))
}

const NOTHING = Buffer.alloc(0)

function talk(scene: Scene, tool: string[], args: string[], input: Buffer = NOTHING): Promise<Talk> {
  return begin([...tool, 'exec', ...args], scene, input).done
}

const COMMANDS: string[][] = [
  ['-T', 'web', 'sh', '-c', 'echo out; echo err >&2; exit 7'],
  ['-T', 'web', 'ls', '-d', '/'],
  ['-T', '-e', 'A=1', '-e', 'FROM=flag', '-e', 'B=', 'web', 'sh', '-c', 'echo "$A-$FROM-${B-unset}"'],
  ['-T', '-e', 'HANDED', '-e', 'NOWHERE', 'web', 'sh', '-c', 'echo "$HANDED-${NOWHERE-unset}"'],
  ['-T', '-u', '12:34', '-w', '/tmp', 'web', 'sh', '-c', 'id -u; id -g; pwd'],
  ['-T', '--index', '1', 'web', 'sh', '-c', 'kill -9 $$'],
  ['-T', 'web', 'sh', '-c', 'cat; echo after its end'],
  ['web', 'sh', '-c', 'tty; exit 3'],
]

check('output, errors and exit codes are those of docker compose', async (scene) => {
  if ('skip' in compose) return console.log(`skipped: ${compose.skip}`)
  await up(scene)
  const surroundings = { ...scene, env: { ...scene.env, HANDED: 'on' } }
  for (const args of COMMANDS) {
    const input = Buffer.from('some\ninput')
    const [ours, theirs] = await Promise.all([
      talk(surroundings, FLOTILLA, args, input),
      talk(surroundings, compose.words, args, input),
    ])
    assert.equal(readable(ours), readable(theirs), args.join(' '))
  }
})

check('a command that cannot run ends with the exit code of docker compose and an own message', async (scene) => {
  if ('skip' in compose) return console.log(`skipped: ${compose.skip}`)
  await up(scene)
  const runs = [
    ['web', 'nosuch'],
    ['web', '/etc'],
    ['--workdir', '/nosuch', 'web', 'true'],
  ]
  for (const words of runs) {
    const args = ['-T', ...words]
    const [ours, theirs] = await Promise.all([talk(scene, FLOTILLA, args), talk(scene, compose.words, args)])
    assert.is(ours.code, theirs.code, words.join(' '))
    assert.is(String(ours.stdout), '')
    assert.not.match(String(ours.stderr), /OCI runtime/)
  }
})

check('5 MB of anything go in and come out as they are; the program sees their end', async (scene) => {
  await up(scene)
  const bytes = randomBytes(5_000_000)
  const { code, stdout, stderr } = await talk(scene, FLOTILLA, ['-T', 'web', 'cat'], bytes)
  assert.equal([code, stdout.length, stderr.length], [0, bytes.length, 0])
  const digest = (all: Buffer) => createHash('sha256').update(all).digest('hex')
  assert.is(digest(stdout), digest(bytes))
})

check('a program that ends is not kept by an input that goes on, nor by one that it does not read', async (scene) => {
  await up(scene)
  const open = begin([...FLOTILLA, 'exec', '-T', 'web', 'sh', '-c', 'echo over; exit 4'], scene)
  assert.is((await open.done).code, 4)
  assert.is((await talk(scene, FLOTILLA, ['-T', 'web', 'true'], randomBytes(3_000_000))).code, 0)
})

check('without a terminal, Ctrl-C ends the talk with 130', async (scene) => {
  await up(scene)
  const talking = begin([...FLOTILLA, 'exec', 'web', 'sh', '-c', 'echo ready; sleep 1000'], scene)
  await talking.said('ready')
  talking.kill('SIGINT')
  assert.is((await talking.done).code, 130)
})

check('-d leaves the command alone, which goes on', async (scene) => {
  await up(scene)
  const { code, stdout } = await talk(scene, FLOTILLA, ['-d', 'web', 'sh', '-c', 'echo done > /tmp/told; sleep 1000'])
  assert.equal([code, stdout.length], [0, 0])
  const until = 'until [ -s /tmp/told ]; do sleep 0.05; done; cat /tmp/told'
  assert.is((await talk(scene, FLOTILLA, ['-T', 'web', 'sh', '-c', until])).stdout.toString(), 'done\n')
})

const inPty = terminalTests(check)

inPty('on a terminal the command has one of the same size, and gets what is typed', async (scene) => {
  await up(scene)
  const script = `until [ "$(stty size)" = "${LINES} ${COLUMNS}" ]; do sleep 0.05; done; tty; echo ready; read x; echo "<$x>"; stty raw; printf "down\\nthere"; exit 5`
  const talking = inTerminal(scene, `$flotilla exec web sh -c '${script}'`)
  await talking.said('ready')
  talking.type('hello\r')
  const said = await ended(talking, 5)
  assert.match(said, /\/dev\/pts\/\d+\r\n/)
  assert.match(said, '<hello>')
  assert.match(said, 'down\nthere')
})

inPty('Ctrl-C goes to the command', async (scene) => {
  await up(scene)
  const script = 'trap "echo heard; exit 8" INT; echo ready; while :; do sleep 0.05; done'
  const talking = inTerminal(scene, `$flotilla exec web sh -c '${script}'`)
  await talking.said('ready')
  talking.type('\x03')
  assert.match(await ended(talking, 8), 'heard')
})

inPty('Ctrl-P Ctrl-Q leaves the command running', async (scene) => {
  await up(scene)
  const talking = inTerminal(
    scene,
    `$flotilla exec web sh -c 'echo ready; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo > /tmp/went'`,
  )
  await talking.said('ready')
  talking.type('\x10\x11')
  await ended(talking, 0)
  const goOn = 'echo > /tmp/go; until [ -e /tmp/went ]; do sleep 0.05; done; echo it went on'
  assert.match((await talk(scene, FLOTILLA, ['-T', 'web', 'sh', '-c', goOn])).stdout.toString(), 'it went on')
})

inPty('the command hears that its terminal has another size', async (scene) => {
  await up(scene)
  const resize = '(until [ -e resize ]; do sleep 0.05; done; stty rows 44 cols 88; stty -a > before) < /dev/tty &'
  const script = `until [ "$(stty size)" = "${LINES} ${COLUMNS}" ]; do sleep 0.05; done; echo ready; until [ "$(stty size)" = "44 88" ]; do sleep 0.05; done`
  const talking = inTerminal(scene, `${resize}\n$flotilla exec web sh -c '${script}'`)
  await talking.said('ready')
  writeFileSync(join(scene.folder, 'resize'), '')
  const said = (await talking.done).stdout.toString()
  assert.match(said, 'code 0')
})

inPty('however it is ended, the terminal is as it was before', async (scene) => {
  await up(scene)
  for (const signal of SIGNALS) {
    const talking = inTerminal(scene, noted(`exec web sh -c "echo ready; sleep 1000"`))
    await talking.said('ready')
    raise(scene, signal)
    await ended(talking, 128 + constants.signals[`SIG${signal}`])
  }
})

test.run()
