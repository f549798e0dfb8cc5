// The npm package docker-compose: every function that it exports. testcontainers is built on it.
import { open } from './docker-compose/checks.mjs'
import { images } from './docker-compose/images.mjs'
import { lifecycle } from './docker-compose/lifecycle.mjs'
import { look } from './docker-compose/look.mjs'
import { story } from './docker-compose/story.mjs'
import { npmPackage } from './lib/npm.mjs'

export const title = 'docker-compose'

export const install = ({ log }) => npmPackage('docker-compose', '1.5.0', { log })

/** Functions that run no command of Compose by themselves. */
const PARSERS = ['mapPsOutput', 'mapImListOutput', 'execCompose', 'default']

/** By name, whose first word is the function. */
export const checks = {
  'every exported function is called': async (scene, place) => {
    const names = Object.keys(open(scene, place).library).filter((name) => !PARSERS.includes(name))
    const missing = names.filter((name) => !Object.keys(checks).some((each) => each.split(' ')[0] === name))
    if (missing.length > 0) throw new Error(`no check calls ${missing.join(', ')}`)
  },
  ...lifecycle,
  ...images,
  ...look,
  ...story,
}

/** Differences that are meant. */
export const reasons = {
  'logs of several services, followed to their end':
    'docker compose, also 5.5, writes the control characters of a terminal before the last line, in a pipe too; flotilla does not',
}

/** Those of `npm test`. */
export const short = ['every exported function is called', 'upAll to down, with all outputs that are parsed']
