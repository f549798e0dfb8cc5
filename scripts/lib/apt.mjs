// The package manager of this machine.
import { readFileSync } from 'node:fs'
import { mustRun, run, which } from './process.mjs'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

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

/**
 * This machine's settings for fetching packages (proxies, retries, checks of dates), as lines of an apt.conf: a base
 * image made here gets its packages the way this machine does. Settings that name a local file stay at home.
 */
export async function fetchSettings() {
  const carried = /^Acquire::((https?)(::\S+)?|Retries|ForceIPv[46]|Check-Valid-Until|Check-Date) "(?!\/)[^"]+";$/
  const lines = (await run('apt-config', ['dump'])).output.split('\n').filter((line) => carried.test(line))
  return [...proxiesOfEnvironment(lines), ...lines]
}

function proxiesOfEnvironment(lines) {
  return ['http', 'https']
    .filter((scheme) => !lines.some((line) => line.startsWith(`Acquire::${scheme}::Proxy `)))
    .map((scheme) => [scheme, process.env[`${scheme}_proxy`] || process.env[`${scheme.toUpperCase()}_PROXY`]])
    .filter(([, proxy]) => proxy)
    .map(([scheme, proxy]) => `Acquire::${scheme}::Proxy "${proxy}";`)
}

/** Whether a setting names a proxy on this machine's loopback, where a container cannot reach it. */
export function isLoopbackProxy(line) {
  return /::Proxy\b.*"\w+:\/\/([^@"/]*@)?(localhost|127\.|\[::1\])/i.test(line)
}

/** The package sources of a Debian suite as this machine would reach them. Empty: this machine does not say. */
export async function debianSources(suite) {
  if (!isDebian()) return []
  const format = ['--format', '$(LABEL) $(REPO_URI)', 'Created-By: Packages']
  const targets = (await run('apt-get', ['indextargets', ...format])).output.split('\n').map((line) => line.split(' '))
  const uriOf = (label) => targets.find(([name]) => name === label)?.[1]
  return sourceLines(suite, uriOf('Debian'), uriOf('Debian-Security'))
}

function sourceLines(suite, main, security) {
  if (!main) return []
  const line = (uri, name) => `deb [signed-by=${KEYRING}] ${uri} ${name} main`
  if (suite === 'sid') return [line(main, suite)]
  const released = [line(main, suite), line(main, `${suite}-updates`)]
  return security ? [...released, line(security, `${suite}-security`)] : released
}
