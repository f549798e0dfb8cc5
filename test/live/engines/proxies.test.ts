import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { flotilla, succeeded } from '../../support/cli.ts'
import { SCRATCH_IMAGE } from '../../support/scratch-image.ts'
import { compose, composePlugin } from '../compose.ts'
import { type Scene, STAYS, scenes } from '../scene.ts'

// `proxies` of the user's Docker configuration, beside `docker compose`.

const live = await scenes()
const plugin = await composePlugin()
if ('skip' in plugin) console.log(`skipped: ${plugin.skip}`)
const check: typeof live = 'skip' in plugin ? (name) => test.skip(name) : live
const words = 'words' in plugin ? plugin.words : []

async function configFolder({ folder }: Scene): Promise<string> {
  const config = join(folder, '.docker')
  await mkdir(config)
  const proxies = { default: { httpProxy: 'http://proxy.invalid:3128', noProxy: 'localhost' } }
  await writeFile(join(config, 'config.json'), JSON.stringify({ proxies }))
  await symlink(
    join(process.env.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'cli-plugins'),
    join(config, 'cli-plugins'),
  )
  return config
}

check('containers and builds get them as from docker compose, and none is recreated for them', async (scene) => {
  const { folder, stack, container, engine, project } = scene
  const env = { ...scene.env, DOCKER_CONFIG: await configFolder(scene) }
  const build = { dockerfile_inline: `FROM ${SCRATCH_IMAGE}\nRUN echo $HTTP_PROXY $no_proxy > /proof\n` }
  const web = { ...STAYS, image: `${project}-web`, build, environment: { NO_PROXY: 'declared', A: '1' } }
  await stack({ services: { web } })
  const look = async () => {
    const { id, spec } = await container('web-1')
    const proof = await scene.inside('web-1', 'cat', '/proof')
    return { id, env: (spec.Env ?? []).sort(), proof }
  }
  try {
    await compose(words, ['up', '-d', '--build'], { cwd: folder, env })
    const theirs = await look()
    assert.ok(theirs.env.includes('HTTP_PROXY=http://proxy.invalid:3128'))
    succeeded(await flotilla(['up', '-d'], { cwd: folder, env }))
    assert.is((await look()).id, theirs.id)
    succeeded(await flotilla(['up', '-d', '--build', '--force-recreate'], { cwd: folder, env }))
    const ours = await look()
    assert.equal([ours.env, ours.proof], [theirs.env, theirs.proof])
    succeeded(await flotilla(['up', '-d'], { cwd: folder, env }))
    assert.is((await look()).id, ours.id)
    succeeded(await flotilla(['down', '--rmi', 'all'], { cwd: folder, env }))
  } finally {
    await engine.removeImage(`${project}-web`).catch(() => undefined)
  }
})

test.run()
