// testcontainers: DockerComposeEnvironment, with which tests start what they need. Its reaper is off: it is an image to be pulled.
import { join } from 'node:path'
import { npmPackage } from './lib/npm.mjs'
import { checks as ends } from './testcontainers/ends.mjs'
import { checks as options } from './testcontainers/options.mjs'
import { checks as waits } from './testcontainers/waits.mjs'

export const title = 'testcontainers'

/** The oldest version of Node that the package runs on. */
const NODE = '22.23.5'

export async function install({ log }) {
  const found = await npmPackage('testcontainers', '12.2.0', { log })
  return { ...found, node: await node(log), env: { TESTCONTAINERS_RYUK_DISABLED: 'true' } }
}

async function node(log) {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath
  const name = `node-linux-${process.arch}`
  const { folder } = await npmPackage(name, NODE, { log })
  return join(folder, 'node_modules', name, 'bin/node')
}

export const checks = { ...waits, ...options, ...ends }

/** Those of `npm test`. */
export const short = ['waits for health', 'builds', 'down removes volumes']
