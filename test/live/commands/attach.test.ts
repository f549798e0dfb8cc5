import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { succeeded } from '../../support/cli.ts'
import { composePlugin } from '../compose.ts'
import { type Scene, scenes, shell } from '../scene.ts'
import { answer, begin, ended, FLOTILLA, inTerminal, readable, type Talking, terminalTests } from '../talk.ts'

const check = await scenes()
const compose = await composePlugin()
const inPty = terminalTests(check)

/** Repeats each line, says when it is asked to end, and ends with 3 then, with 7 after `bye`. */
const SCRIPT =
  'trap "echo asked" INT; echo begun; while read -r line; do echo "<$line>"; [ "$line" = bye ] && exit 7; done; exit 3'
const WEB = { ...shell(SCRIPT), stdin_open: true }
/** The same, by whose output is seen who is attached. */
const TICKING = { ...WEB, ...shell(`(while :; do echo tick; sleep 0.1; done) & ${SCRIPT}`) }

async function up(scene: Scene, web: object): Promise<void> {
  await scene.stack({ services: { web } })
  succeeded(await scene.run('up', '-d'))
}

const attach = (scene: Scene, tool: string[], ...args: string[]): Talking =>
  begin([...tool, 'attach', ...args, 'web'], scene)

check('input reaches the program; output and exit code equal those of docker compose', async (scene) => {
  if ('skip' in compose) return console.log(`skipped: ${compose.skip}`)
  const said = []
  for (const tool of [FLOTILLA, compose.words]) {
    await up(scene, WEB)
    const talking = attach(scene, tool)
    talking.type('one\nbye\n')
    said.push(readable(await talking.done))
    succeeded(await scene.run('down', '-t', '0'))
  }
  const [ours, theirs] = said
  assert.equal([ours?.code, ours?.stdout], [theirs?.code, theirs?.stdout])
  assert.equal([ours?.code, ours?.stdout], [7, '<one>\n<bye>\n'])
})

check('without input the program gets none, and its end is seen', async (scene) => {
  await up(scene, TICKING)
  const looking = attach(scene, FLOTILLA, '--no-stdin')
  const talking = attach(scene, FLOTILLA)
  await Promise.all([looking.said('tick'), talking.said('tick')])
  looking.type('nothing\n')
  talking.type('two\n')
  await Promise.all([looking.said('<two>'), talking.said('<two>')])
  talking.type('bye\n')
  const [one, other] = await Promise.all([looking.done, talking.done])
  assert.equal([one.code, other.code], [7, 7])
  assert.is(one.stdout.toString().replace(/tick\n/g, ''), '<two>\n<bye>\n')
})

check('signals go to the program; --sig-proxy=false only leaves it', async (scene) => {
  await up(scene, TICKING)
  const looking = attach(scene, FLOTILLA, '--sig-proxy=false')
  const talking = attach(scene, FLOTILLA)
  await Promise.all([looking.said('tick'), talking.said('tick')])
  looking.kill('SIGINT')
  assert.is((await looking.done).code, 130)
  assert.ok((await scene.container('web-1')).running)
  talking.kill('SIGINT')
  await talking.said('asked')
  assert.is((await talking.done).code, 3)
})

inPty('the keys that leave it can be chosen, and leave it running', async (scene) => {
  await up(scene, { ...WEB, tty: true })
  const talking = inTerminal(scene, '$flotilla attach --detach-keys ctrl-x,d web')
  talking.type('x\r')
  await talking.said('<x>')
  talking.type('\x10\x11\r')
  talking.type('\x18d')
  await ended(talking, 0)
  assert.ok((await scene.container('web-1')).running)
})

/** A Docker configuration with these keys, for the commands behind it in the script. */
const configured = (keys: string) =>
  `mkdir -p config; echo '{"detachKeys": "${keys}"}' > config/config.json; export DOCKER_CONFIG=$PWD/config\n`

for (const [name, command] of [
  ['attach', 'attach web'],
  ['exec', `exec web sh -c '${SCRIPT}'`],
  ['run', `run web sh -c '${SCRIPT}'`],
] as const)
  inPty(
    `${name}: the keys of the Docker configuration leave it running, and the default keys go to it`,
    async (scene) => {
      await up(scene, { ...WEB, tty: true })
      const talking = inTerminal(scene, `${configured('ctrl-x,d')}$flotilla ${command}`)
      talking.type('x\r')
      await answer(talking, ['<x>', '\x10\x11y\r'], ['y>', '\x18d'])
      await ended(talking, 0)
      for (const { running } of Object.values(await scene.containers())) assert.ok(running)
    },
  )

inPty(
  '--detach-keys count more than the Docker configuration, whose mistakes are reported and ignored',
  async (scene) => {
    await up(scene, { ...WEB, tty: true })
    for (const [keys, args, typed] of [
      ['ctrl-x,d', '--detach-keys ctrl-y', '\x19'],
      ['ctrl-', '', '\x10\x11'],
    ] as const) {
      const talking = inTerminal(scene, `${configured(keys)}$flotilla attach ${args} web`)
      talking.type('x\r')
      await talking.said('<x>')
      talking.type(typed)
      const said = await ended(talking, 0)
      assert.is(said.includes('detachKeys'), args === '')
    }
  },
)

check('a service that does not run is named', async (scene) => {
  await up(scene, WEB)
  succeeded(await scene.run('stop', '-t', '0'))
  const { code, stderr } = await scene.run('attach', 'web')
  assert.is(code, 1)
  assert.match(stderr, 'web')
  assert.is((await scene.run('attach', '--detach-keys', 'ctrl-', 'web')).code, 1)
})

test.run()
