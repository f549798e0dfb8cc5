// The two plugins that a client runs with, each under the name `compose` in a Docker configuration that holds nothing else.
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCompose, pluginFile } from '../../compose-plugin.mjs'
import { mustRun, UserError } from '../../lib/process.mjs'
import { root } from '../../lib/project.mjs'

/**
 * Resolves to `[{ name, version, config }]`, docker compose first: a difference is flotilla's, a failure of both the check's.
 * `config` is the value of DOCKER_CONFIG; the folders are made below `folder`.
 */
export async function plugins(folder, { log }) {
  const compose = await ensureCompose({ log })
  const file = pluginFile()
  if (!compose || !file) throw new UserError('there is no docker compose plugin to compare with')
  const theirs = { name: 'docker compose', version: compose.version, config: join(folder, 'docker-compose') }
  await mkdir(join(theirs.config, 'cli-plugins'), { recursive: true })
  await symlink(file, join(theirs.config, 'cli-plugins', 'docker-compose'))
  return [theirs, await ours(join(folder, 'flotilla'))]
}

async function ours(config) {
  const env = { DOCKER_CONFIG: config }
  await mustRun(process.execPath, [join(root, 'dist/main.js'), 'plugin', 'install', 'compose'], { env })
  const version = (await mustRun('docker', ['compose', 'version', '--short'], { env })).trim()
  return { name: 'flotilla', version, config }
}
