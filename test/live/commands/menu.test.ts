import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Scene, STAYS, scenes, shell } from '../scene.ts'
import { answer, ended, inTerminal, type Talking, terminalTests } from '../talk.ts'

const inPty = terminalTests(await scenes())

const WEB = {
  ...STAYS,
  ...shell('while :; do echo tick; sleep 0.1; done'),
  develop: {
    watch: [
      { path: './src', action: 'sync', target: '/tmp/src' },
      { path: './ran', action: 'sync+exec', target: '/tmp/ran', exec: { command: ['echo', 'executed'] } },
    ],
  },
}
const MENU = 'd detach'

async function begun(scene: Scene, args = '', script = (up: string) => up): Promise<Talking> {
  for (const folder of ['src', 'ran']) await mkdir(join(scene.folder, folder), { recursive: true })
  await scene.stack({ services: { web: WEB } })
  const talking = inTerminal(scene, `trap : INT\n${script(`env -u CI TERM=xterm-256color $flotilla up ${args}`)}`)
  await talking.said('tick')
  return talking
}

/** The line of keys is erased before anything else is printed, so that it is in no line that stays. */
function isErasedEachTime(said: string): void {
  const parts = said.split(MENU).slice(1)
  assert.ok(parts.length > 0)
  for (const part of parts) assert.ok(/^[^\n\r]*/.test(part) && part.slice(part.indexOf('\r')).startsWith('\r\x1b[2K'))
}

inPty('w watches and stops watching, d leaves the services running', async (scene) => {
  const talking = await begun(scene)
  await talking.said(MENU)
  talking.type('w')
  await talking.said('w stop watching')
  await talking.said('Watching')
  await writeFile(join(scene.folder, 'src/a'), '1')
  await talking.said('Synced')
  await writeFile(join(scene.folder, 'ran/a'), '1')
  await talking.said('executed')
  assert.is(await scene.inside('web-1', 'cat', '/tmp/src/a'), '1')
  talking.type('w\rd')
  const said = await ended(talking, 0)
  isErasedEachTime(said)
  assert.ok((await scene.container('web-1')).running)
})

inPty('without rules, w says so, and the menu stays', async (scene) => {
  const { develop: _, ...plain } = WEB
  await scene.stack({ services: { web: plain } })
  const talking = inTerminal(scene, 'env -u CI TERM=xterm-256color $flotilla up')
  await answer(talking, [MENU, 'w'], ['nothing-to-watch', 'd'])
  await ended(talking, 0)
})

inPty('Ctrl-C stops what it started', async (scene) => {
  const talking = await begun(scene)
  await talking.said(MENU)
  talking.type('\x03')
  isErasedEachTime(await ended(talking, 130))
  assert.is((await scene.container('web-1')).state, 'exited')
})

inPty('Ctrl-Z restores the terminal, and the keys work again after fg', async (scene) => {
  const talking = await begun(scene, '', (up) => `set -m\n${up}\nstty -a > between\necho stopped; fg`)
  await answer(talking, [MENU, '\x1a'], ['stopped', 'w'], ['Watching', 'd'])
  await ended(talking, 0)
  const [before, between] = await Promise.all(
    ['before', 'between'].map((name) => readFile(join(scene.folder, name), 'utf8')),
  )
  assert.is(between, before)
})

inPty('in the background, and where it is not wanted, there is no menu', async (scene) => {
  for (const [args, script] of [
    ['--no-menu', (up: string) => up],
    ['--menu=false', (up: string) => up],
    ['', (up: string) => `export COMPOSE_MENU=0\n${up}`],
    ['', (up: string) => `set -m\n${up} &\nread -r _\nkill -INT $!\nwait $!`],
  ] as const) {
    const talking = await begun(scene, args, script)
    talking.type(script('').includes('&') ? '\n' : '\x03')
    assert.not.match(await ended(talking, 130), MENU)
    await scene.run('down', '-t', '0')
  }
})

test.run()
