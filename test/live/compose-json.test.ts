import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { jsonLines, launch } from '../support/cli.ts'
import { composePlugin } from './compose.ts'
import { type Scene, STAYS, scenes } from './scene.ts'

const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const check = await scenes()
const compared: typeof check = 'skip' in plugin ? (name) => test.skip(name) : check
const words = 'words' in plugin ? plugin.words : []

const stack = (revision: string) => ({
  services: {
    db: {
      ...STAYS,
      environment: { revision },
      healthcheck: { test: ['CMD', 'true'], interval: '1s' },
      volumes: ['data:/d'],
    },
    web: { ...STAYS, container_name: 'PROJECT-named', depends_on: { db: { condition: 'service_healthy' } } },
  },
  volumes: { data: {} },
})

/** Revision of the stack, the command, and whether Compose waits though the dependent runs already, so that flotilla has nothing to wait for. */
const STORY: [revision: string, command: string, waitsMore?: true][] = [
  ['1', 'up -d'],
  ['1', 'up -d', true],
  ['2', 'up -d', true],
  ['2', 'restart web'],
  ['2', 'stop'],
  ['2', 'start web'],
  ['2', 'kill web'],
  ['2', 'start web', true],
  ['2', 'pause db'],
  ['2', 'unpause db'],
  ['2', 'down -v'],
  ['2', '-p PROJECT down'],
]

/** The texts about each resource, in order, each once: those of different resources come in any order. Of warnings, those that nothing is left. */
function textsIn(stderr: string, project: string): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const { id, text, status, level, msg } of jsonLines(stderr)) {
    if (level !== undefined && !/No resource found/.test(String(msg))) continue
    const key = String(id ?? level).replaceAll(project, 'PROJECT')
    // Compose 2 has the text as the status of what is no image.
    const reported = String(msg ?? text ?? status).replace(/^Warning: /, '')
    found[key] = [...new Set([...(found[key] ?? []), reported.replaceAll(project, 'PROJECT')])]
  }
  return found
}

async function reported(
  { folder, env, project, stack: write }: Scene,
  program: string[] | undefined,
  dry: string[] = [],
) {
  const all = []
  for (const [revision, command] of STORY) {
    await write(JSON.stringify(stack(revision)).replaceAll('PROJECT', project))
    const args = [
      '--progress',
      program ? 'json' : 'compose-json',
      ...dry,
      ...command.replace('PROJECT', project).split(' '),
    ]
    const ran = await launch(args, { cwd: folder, env, ...(program && { program }) }).done
    assert.is(ran.code, 0, `${command}\n${ran.stdout}${ran.stderr}`)
    all.push({ command, texts: textsIn(ran.stderr, project) })
    if (dry.length > 0) return all
  }
  return all
}

function lessWaits(texts: Record<string, string[]>): Record<string, string[]> {
  const waits = ['Waiting', 'Healthy']
  const less = Object.entries(texts).map(([id, all]) => [id, all.filter((each) => !waits.includes(each))] as const)
  return Object.fromEntries(less.filter(([, all]) => all.length > 0))
}

compared('the lines of --progress compose-json are those of docker compose', async (scene) => {
  const theirs = await reported(scene, [...words])
  const ours = await reported(scene, undefined)
  for (const [at, { command, texts }] of theirs.entries())
    assert.equal(ours[at], { command, texts: STORY[at]?.[2] ? lessWaits(texts) : texts })
})

compared('a dry run says, line by line, what would be done', async (scene) => {
  assert.equal(await reported(scene, undefined, ['--dry-run']), await reported(scene, [...words], ['--dry-run']))
  assert.equal(await scene.containers(), {})
})

test.run()
