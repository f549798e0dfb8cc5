// Installing Debian packages on this machine.
import { readFileSync } from 'node:fs'
import { mustRun, run, which } from './process.mjs'

/** Whether this machine is Debian or one of its relatives. */
export function isDebianFamily() {
  return Boolean(which('apt-get')) && /\bdebian\b/.test(osReleaseIds())
}

/** Whether this machine is Debian itself, so that its package sources have Debian's suites. */
export function isDebian() {
  return osReleaseIds().split(/\s+/)[0] === 'debian'
}

function osReleaseIds() {
  try {
    const release = readFileSync('/etc/os-release', 'utf8')
    const field = (name) => release.match(new RegExp(`^${name}="?([^"\n]*)`, 'm'))?.[1] ?? ''
    return `${field('ID')} ${field('ID_LIKE')}`
  } catch {
    return ''
  }
}

/** Installs packages as root, and says so. `root` is what `rootPrefix` gave. */
export async function install(packages, root, log) {
  const [command, ...args] = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q']
  log(`Installing ${packages.join(', ')} …`)
  // Old package lists are good enough if the installation itself succeeds, so a failed update is no end.
  await run(command, [...args, 'update'])
  await mustRun(command, [...args, 'install', '-y', '--no-install-recommends', ...packages])
}
