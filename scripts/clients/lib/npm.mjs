// npm packages that clients are, in a cache beside the repository: this program's own dependencies stay as they are.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { mustRun } from '../../lib/process.mjs'

const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']

/** The folder of everything that is fetched for clients. */
export function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'flotilla-clients')
}

/**
 * Installs one version of a package unless it is there. Resolves to `{ version, folder }`: the folder from which it can be required.
 * Throws UserError where the registry does not have it or does not answer.
 */
export async function npmPackage(name, version, { log }) {
  const folder = join(cacheFolder(), `${name.replaceAll('/', '-')}-${version}`)
  if (installedVersion(folder, name) !== version) {
    log(`Fetching ${name} ${version} …`)
    await mustRun('npm', ['install', '--prefix', folder, '--no-save', ...QUIET, `${name}@${version}`])
  }
  return { version, folder }
}

function installedVersion(folder, name) {
  const file = join(folder, 'node_modules', name, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined
}
