import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { flotilla, type Ran } from '../support/cli.ts'
import { SCRATCH_IMAGE } from '../support/scratch-image.ts'
import { compose, composePlugin } from './compose.ts'
import { noRegistry, USER, withRegistry } from './registry.ts'
import { type Scene, STAYS, scenes } from './scene.ts'

// build, push, pull and down --rmi beside `docker compose`: what the engine and a registry hold after each line.

const live = await scenes()
const plugin = await composePlugin()
const lacking = 'skip' in plugin ? plugin.skip : await noRegistry()
if (lacking) console.log(`skipped: ${lacking}`)
const check: typeof live = lacking ? (name) => test.skip(name) : live
const words = 'words' in plugin ? plugin.words : []

/** Runs one line to its end; resolves to whether it succeeded. */
type Tool = (line: string, env?: Record<string, string>) => Promise<boolean>

function toolsOf({ folder, env }: Scene): Record<string, Tool> {
  const ours = async (line: string, more = {}) =>
    succeeds(await flotilla(line.split(' '), { cwd: folder, env: { ...env, ...more } }))
  const theirs = (line: string, more = {}) =>
    compose(words, line.split(' '), { cwd: folder, env: { ...env, ...more } }).then(
      () => true,
      () => false,
    )
  return { flotilla: ours, 'docker compose': theirs }
}

function succeeds({ code }: Ran): boolean {
  return code === 0
}

/** A folder of docker's configuration with a user's credentials, and the plugins of this machine. */
async function configFor({ folder }: Scene, address: string): Promise<string> {
  const config = join(folder, '.docker')
  const auth = Buffer.from(`${USER.username}:${USER.password}`).toString('base64')
  await mkdir(config, { recursive: true })
  await writeFile(join(config, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }))
  const plugins = join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'cli-plugins')
  await symlink(plugins, join(config, 'cli-plugins')).catch(() => undefined)
  return config
}

async function tagsThere({ engine }: Scene, prefix: string): Promise<string[]> {
  const all = (await engine.listImages()).flatMap(({ tags }) => tags)
  return all
    .filter((tag) => tag.startsWith(prefix))
    .map((tag) => tag.slice(prefix.length))
    .sort()
}

/** The names and tags that a registry has. */
async function published(address: string): Promise<string[]> {
  const auth = Buffer.from(`${USER.username}:${USER.password}`).toString('base64')
  const ask = async (path: string) =>
    (await fetch(`http://${address}/v2/${path}`, { headers: { authorization: `Basic ${auth}` } })).json()
  const { repositories } = (await ask('_catalog')) as { repositories: string[] }
  const found = await Promise.all(
    repositories.map(async (name) => ((await ask(`${name}/tags/list`)) as { tags: string[] | null }).tags ?? []),
  )
  return repositories.flatMap((name, at) => (found[at] ?? []).map((tag) => `${name}:${tag}`)).sort()
}

const FILE = (address: string) => ({
  services: {
    web: {
      ...STAYS,
      image: `${address}/web:1`,
      depends_on: ['job'],
      build: { dockerfile_inline: `FROM ${SCRATCH_IMAGE}\nARG REV=0\nLABEL rev=$$REV\n` },
    },
    job: { ...STAYS, image: `${address}/job:1`, build: { dockerfile_inline: `FROM ${SCRATCH_IMAGE}\nLABEL job=1\n` } },
    plain: { ...STAYS, image: `${address}/job:1` },
  },
})

/** Each line with what is allowed: `closed`, without credentials. `forget`: the engine's images are removed before. */
const LINES: { line: string; closed?: true; forget?: true }[] = [
  { line: 'build nobody' },
  { line: '--dry-run build web' },
  { line: 'build plain' },
  { line: 'build web' },
  { line: 'push', closed: true },
  { line: 'push --ignore-push-failures', closed: true },
  { line: 'push web' },
  { line: 'build --quiet --build-arg REV=5 --with-dependencies web' },
  { line: 'push --include-deps -q web' },
  { line: 'pull plain', closed: true, forget: true },
  { line: 'pull --ignore-pull-failures', closed: true },
  { line: 'pull --ignore-buildable' },
  { line: 'pull --policy missing web' },
  { line: 'up -d' },
  { line: 'down --rmi local' },
  { line: 'pull -q --include-deps web' },
  { line: 'down --rmi all' },
]

check('each line has the outcome of docker compose, in the engine and in a registry', async (scene) => {
  const stories: Record<string, string[]> = {}
  for (const [name, run] of Object.entries(toolsOf(scene))) {
    stories[name] = await withRegistry((address) => storyOf(scene, run, address), { closed: true })
  }
  assert.is(stories.flotilla?.join('\n'), stories['docker compose']?.join('\n'))
})

async function storyOf(scene: Scene, run: Tool, address: string): Promise<string[]> {
  const story: string[] = []
  const known = { DOCKER_CONFIG: await configFor(scene, address) }
  await scene.stack(FILE(address))
  try {
    for (const { line, closed, forget } of LINES) {
      if (forget) await forgetAll(scene, address)
      const ok = await run(line, closed ? {} : known)
      const [there, sent] = [await tagsThere(scene, `${address}/`), await published(address)]
      const rev = await revOf(scene, address)
      story.push(`${line}: ${ok ? 'ok' : 'fails'}; here ${there.join(' ')}; there ${sent.join(' ')}; rev ${rev}`)
    }
    return story
  } finally {
    await run('down -t 1')
    await forgetAll(scene, address)
  }
}

async function revOf({ engine }: Scene, address: string): Promise<string | undefined> {
  return (await engine.inspectImage(`${address}/web:1`))?.labels.rev
}

async function forgetAll({ engine }: Scene, address: string): Promise<void> {
  const tags = (await engine.listImages()).flatMap((image) => image.tags)
  for (const tag of tags.filter((each) => each.startsWith(`${address}/`))) await engine.removeImage(tag)
}

test.run()
