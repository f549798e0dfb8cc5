// Programs that tests use beside the engine: a registry, `docker compose`, other versions of Node. Nothing is installed on the machine.
import { chmod, copyFile, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCompose } from '../compose-plugin.mjs'
import { withPackage } from './debian-package.mjs'
import { mustRun, UserError, which } from './process.mjs'
import { root } from './project.mjs'

const CACHE = join(root, 'node_modules/.cache/flotilla')

const REGISTRY = 'docker-registry'

/** Every maintained version beside the oldest that flotilla runs on, as npm packages have them. */
const NODES = ['22.23.5', '24.22.3', '26.12.1']

/** Resolves to what the environment of live tests needs, so that they find what could be had here. */
export async function ensureTools({ log }) {
  await ensureCompose({ log })
  return { PATH: [process.env.PATH, await registryFolder(log)].filter(Boolean).join(':') }
}

/** A folder with the registry of Debian; undefined where it is on the PATH already, or cannot be had. */
async function registryFolder(log) {
  if (which(REGISTRY)) return undefined
  const folder = join(CACHE, 'bin')
  if (which(REGISTRY, [folder])) return folder
  try {
    log(`Unpacking ${REGISTRY} of Debian …`)
    await withPackage(REGISTRY, 'bookworm', (unpacked) => keep(join(unpacked, 'usr/bin', REGISTRY), folder))
    return folder
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    log(`No ${REGISTRY} for tests: ${error.message.split('\n')[0]}`)
    return undefined
  }
}

/** By a rename: half a program is never there. */
async function keep(program, folder) {
  await mkdir(folder, { recursive: true })
  const half = join(folder, `.${process.pid}`)
  await copyFile(program, half)
  await chmod(half, 0o755)
  await rename(half, join(folder, REGISTRY))
}

/** Programs by their major version, without the one that runs this. Says why where there is none. */
export async function ensureNodes({ log }) {
  if (process.platform !== 'linux') {
    log('Tests run on this version of Node alone: the others come as npm packages for Linux.')
    return {}
  }
  const own = process.versions.node.split('.')[0]
  const found = await Promise.all(NODES.map((version) => nodeProgram(version, log)))
  return Object.fromEntries(found.filter((each) => each && each[0] !== own))
}

async function nodeProgram(version, log) {
  const name = `node-linux-${process.arch}`
  const folder = join(CACHE, `node-${version}`)
  const program = join(folder, 'node_modules', name, 'bin/node')
  if (!which('node', [join(program, '..')])) {
    log(`Fetching Node ${version} for its tests …`)
    const options = ['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
    try {
      await mustRun('npm', ['install', ...options, `${name}@${version}`])
    } catch (error) {
      log(`No tests on Node ${version}: ${error.message.split('\n')[0]}`)
      return undefined
    }
  }
  return [version.split('.')[0], program]
}
