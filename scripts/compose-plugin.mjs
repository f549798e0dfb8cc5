// Sets up `docker compose` to compare with: Debian sid's package, unpacked beside the system into ~/.docker/cli-plugins.
// Installs nothing. Where it is there already, or cannot be had, it says so in a sentence and that is all.
import { existsSync } from 'node:fs'
import { chmod, copyFile, mkdir, rename } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { withPackage } from './lib/debian-package.mjs'
import { run, runAsScript, UserError, which } from './lib/process.mjs'

const PACKAGE = 'docker-compose'
const IN_PACKAGE = 'usr/libexec/docker/cli-plugins/docker-compose'

/** Where the docker command line, and a comparison without it, look for the plugin; the user's own folder first. */
function pluginPlaces() {
  const folders = [join(process.env.DOCKER_CONFIG || join(homedir(), '.docker'), 'cli-plugins')]
  for (const lib of ['local/lib', 'local/libexec', 'lib', 'libexec']) folders.push(`/usr/${lib}/docker/cli-plugins`)
  return folders.map((folder) => join(folder, 'docker-compose'))
}

/** The `docker compose` of this machine as the words that start it, with its version; undefined: there is none. */
export async function findCompose() {
  const candidates = [...(which('docker') ? [['docker', 'compose']] : []), ...pluginPlaces().map((file) => [file])]
  for (const words of candidates) {
    const { code, output } = await run(words[0], [...words.slice(1), 'version', '--short'])
    const version = output.trim().replace(/^v/, '')
    if (code === 0 && /^\d+\.\d+\.\d+/.test(version)) return { words, version }
  }
  return undefined
}

/** The file of the plugin that `docker compose` starts; undefined: there is none. */
export function pluginFile() {
  return pluginPlaces().find((file) => existsSync(file))
}

/** Like `findCompose`, after unpacking the package where nothing was found. Says in a sentence what it did. */
export async function ensureCompose({ log }) {
  const found = await findCompose()
  if (found) {
    log(`\`${found.words.join(' ')}\` ${found.version} is there.`)
    return found
  }
  try {
    await unpackPlugin(log)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    log(`No docker compose to compare with: ${error.message.split('\n')[0]}`)
  }
  return findCompose()
}

async function unpackPlugin(log) {
  log(`Unpacking ${PACKAGE} of Debian sid below your home …`)
  await withPackage(PACKAGE, 'sid', (folder) => putInPlace(join(folder, IN_PACKAGE)))
}

/** By a rename: half a plugin is never there, whatever happens. */
async function putInPlace(binary) {
  const [target] = pluginPlaces()
  await mkdir(join(target, '..'), { recursive: true })
  const half = `${target}.${process.pid}`
  await copyFile(binary, half)
  await chmod(half, 0o755)
  await rename(half, target)
}

await runAsScript(import.meta.url, () => ensureCompose({ log: console.log }))
