import { chmod, mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { launch } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { composePlugin } from '../compose.ts'
import { BUILT, containersOf, type Scene, scenes } from '../scene.ts'

/** The same changes of files under `docker compose watch` and under `flotilla watch`, and what the containers hold after them. */
const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const live = await scenes()
const compared: typeof live = 'skip' in plugin ? (name) => test.skip(name) : live
const words = 'words' in plugin ? plugin.words : []

const WEB = {
  ...BUILT,
  build: { context: '.', dockerfile_inline: `FROM ${SCRATCH_IMAGE}\nCOPY dep /dep\n` },
  develop: {
    watch: [
      { path: './src', action: 'sync', target: '/t/src', initial_sync: true, ignore: ['*.log', 'skipped/'] },
      { path: './some', action: 'sync', target: '/t/some', include: ['*.txt'] },
      { path: './conf', action: 'sync+restart', target: '/t/conf' },
      { path: './ran', action: 'sync+exec', target: '/t/ran', exec: { command: ['cp', '/t/ran', '/t/executed'] } },
      { path: './again', action: 'restart' },
      { path: './dep', action: 'rebuild' },
    ],
  },
}

const FILES = ['src/a', 'src/b', 'src/left.log', 'src/d/x', 'src/d/e/y', 'some/a.txt', 'conf', 'ran', 'again', 'dep']

type Change = (at: (path: string) => string) => Promise<void>

/** Compose 2 copies only files that are newer than the image at the beginning. */
const LATER = new Date(Date.now() + 3_600_000)

/** In turns; each is over once the file that was written last has arrived. */
const CHANGES: Record<string, { change: Change; arrives: string; restarts?: true }> = {
  'files appear': {
    change: async (at) => {
      await mkdir(at('src/new/deep'), { recursive: true })
      await mkdir(at('src/skipped'))
      for (const path of ['src/new/deep/f', 'src/with space', 'src/x.log', 'src/skipped/f', 'some/b.txt', 'some/b.bin'])
        await writeFile(at(path), path)
      await writeFile(at('src/run.sh'), '#!/bin/sh\n')
      await chmod(at('src/run.sh'), 0o755)
      await writeFile(at('src/empty'), '')
      await writeFile(at('src/large'), 'x'.repeat(300_000))
    },
    arrives: '/t/src/large',
  },
  'files change': {
    change: async (at) => {
      for (const path of ['src/a', 'src/d/e/y', 'some/a.txt', 'src/left.log']) await writeFile(at(path), 'changed')
      await writeFile(at('src/large'), 'short')
      await writeFile(at('src/second'), '')
    },
    arrives: '/t/src/second',
  },
  'files and folders go, and get other names': {
    change: async (at) => {
      await rm(at('src/b'))
      await rename(at('src/a'), at('src/a2'))
      await rename(at('src/d'), at('src/d2'))
      await rm(at('src/new'), { recursive: true })
      await rm(at('some/b.txt'))
      await writeFile(at('src/third'), '')
    },
    arrives: '/t/src/third',
  },
  'a command runs after a copy': {
    change: (at) => writeFile(at('ran'), 'ran'),
    arrives: '/t/executed',
  },
  'a copy and a restart': {
    change: (at) => writeFile(at('conf'), 'conf'),
    arrives: '/t/conf',
    restarts: true,
  },
}

/** Type, mode and content of every entry below /t, by path. */
type Held = string

async function watched(scene: Scene, folder: string, program?: string[]): Promise<Record<string, Held>> {
  const at = (path: string) => join(folder, path)
  for (const path of FILES) {
    await scene.write(join(basename(folder), path), 'first')
    await utimes(at(path), LATER, LATER)
  }
  const stack = { name: `${scene.project}-${basename(folder)}`, services: { web: WEB } }
  await writeFile(at('compose.yaml'), JSON.stringify(stack))
  const env = { ...scene.env, COMPOSE_PROJECT_NAME: '' }
  const running = launch(['watch'], { cwd: folder, env, ...(program && { program }) })
  const held: Record<string, Held> = {}
  try {
    await running.until(({ stdout, stderr }) => /watch enabled|watching/i.test(stdout + stderr))
    const web = webOf(scene, stack.name)
    await web.meets('[ -e /t/src/d/e/y ]')
    for (const [name, { change, arrives, restarts }] of Object.entries(CHANGES)) {
      const before = await web.state()
      await change(at)
      if (restarts) await until(web.state, ({ startedAt }) => startedAt !== before.startedAt)
      await web.meets(`[ -e ${arrives} ]`)
      held[name] = await web.holds()
    }
    Object.assign(held, await restarted(web, at))
  } finally {
    running.kill('SIGINT')
    await running.done
    await launch(['down', '-t', '0', '--rmi', 'local'], { cwd: folder, env }).done
  }
  return held
}

interface Web {
  /** Resolves once a test of the shell is met in the container. */
  meets(condition: string): Promise<void>
  holds(): Promise<Held>
  state(): Promise<{ id: string; startedAt: string | undefined }>
}

function webOf({ engine }: Scene, project: string): Web {
  const state = async () => {
    const { 'web-1': found } = await containersOf(engine, project)
    return { id: found?.id ?? '', startedAt: found?.startedAt }
  }
  const inside = async (script: string) => {
    const { id } = await state()
    return (await engine.exec(id, { cmd: ['sh', '-c', script] }, AbortSignal.timeout(10_000))).output
  }
  return {
    state,
    async meets(condition) {
      const look = () => inside(`${condition} && echo met`).catch(() => '')
      await until(look, (said) => said.includes('met')).catch(() => assert.unreachable(`${project}: ${condition}`))
    },
    holds: () => inside(LIST),
  }
}

const LIST = `cd /t && find . | sort | while read -r f; do stat -c '%A %n' "$f"; [ -f "$f" ] && head -c 20 "$f" && echo; done; true`

/** A rule that restarts keeps the container, one that builds replaces it. */
async function restarted(web: Web, at: (path: string) => string): Promise<Record<string, Held>> {
  const before = await web.state()
  await writeFile(at('again'), 'again')
  const started = await until(web.state, ({ startedAt }) => startedAt !== before.startedAt)
  await writeFile(at('dep'), 'built')
  await until(web.state, ({ id, startedAt }) => id !== '' && id !== before.id && startedAt !== undefined)
  await web.meets('[ "$(cat /dep)" = built ]')
  return { restarted: String(started.id === before.id) }
}

async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  const patience = AbortSignal.timeout(20_000)
  for (;;) {
    const seen = await look()
    if (isSo(seen)) return seen
    patience.throwIfAborted()
  }
}

compared(
  'the containers hold the same under docker compose watch and flotilla watch, change by change',
  async (scene) => {
    const folders = ['theirs', 'ours'].map((name) => join(scene.folder, name))
    for (const folder of folders) await mkdir(folder)
    const [theirs = '', ours = ''] = folders
    const [expected, found] = await Promise.all([watched(scene, theirs, words), watched(scene, ours)])
    assert.match(expected['files appear'] ?? '', './src/large')
    assert.equal(found, expected)
  },
)

test.run()
