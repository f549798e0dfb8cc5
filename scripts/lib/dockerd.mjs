// Starting the engine of this machine.
import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { install, isDebianFamily } from './apt.mjs'
import { lastLines, mustRun, rootPrefix, run, UserError, which } from './process.mjs'

const START_LIMIT = 30_000
const POLL = 100
// How long a start may show no daemon at all before the next way is tried.
const GRACE = 3_000

const PID_FILES = {
  '/var/run/docker.pid': 'dockerd',
  '/var/run/docker-ssd.pid': 'dockerd',
  '/var/run/docker/containerd/containerd.pid': 'containerd',
}
const CONTAINERD_SOCKET = '/run/containerd/containerd.sock'
const NETWORKS = '/var/lib/docker/network/files/local-kv.db'
const LOG_FILES = { service: '/var/log/docker.log', daemon: '/var/log/dockerd.log' }

/** Starts the engine, installing it first where it is missing, and waits until `answers()` says yes. */
export async function startEngine({ log, answers }) {
  const root = await rootOrRefuse()
  const logged = existsSync(LOG_FILES.daemon) ? statSync(LOG_FILES.daemon).size : 0
  if (!which('dockerd')) await installEngine(root, log)
  if (daemonLives() && (await waitUntil(answers, START_LIMIT))) return
  for (const way of waysToStart(root)) {
    await clearRemains(root, log)
    log(`Starting the engine: ${way.words} …`)
    if ((await way.start()) && (await comesUp(answers))) return
  }
  if (await startWithoutNetworks(root, log, answers, logged)) return
  throw new UserError(`The engine did not come up. Its last words:\n${await lastWords()}`)
}

async function rootOrRefuse() {
  const canProvide = process.platform === 'linux' && (which('dockerd') || isDebianFamily())
  if (!canProvide) {
    throw new UserError('No container engine answers: install and start Docker, or name an engine in DOCKER_HOST.')
  }
  const root = await rootPrefix()
  if (root) return root
  throw new UserError(
    'No container engine answers, and starting one takes root: run `sudo node scripts/engine.mjs` once.',
  )
}

async function installEngine(root, log) {
  await install(['docker.io', 'iptables', 'ca-certificates', ...appArmorTools()], root, log)
}

/** With AppArmor in the kernel, the engine starts no container without its parser. */
function appArmorTools() {
  const switchedOn = '/sys/module/apparmor/parameters/enabled'
  return existsSync(switchedOn) && readFileSync(switchedOn, 'utf8').startsWith('Y') ? ['apparmor'] : []
}

function waysToStart(root) {
  if (existsSync('/run/systemd/system')) return [{ words: 'systemctl start docker', start: () => startUnit(root) }]
  const ways = [{ words: `dockerd, with its log in ${LOG_FILES.daemon}`, start: () => startDaemon(root) }]
  if (existsSync('/etc/init.d/docker')) {
    ways.unshift({ words: 'service docker start', start: () => succeeds([...root, 'service', 'docker', 'start']) })
  }
  return ways
}

async function startUnit(root) {
  // A unit that failed too often is refused until its count is reset.
  await succeeds([...root, 'systemctl', 'reset-failed', 'docker.service', 'docker.socket'])
  return succeeds([...root, 'systemctl', 'start', 'docker'])
}

/** Starts the daemon in a session of its own, so that it outlives this script and its terminal. */
async function startDaemon(root) {
  const command = `exec ${which('dockerd')} >>${LOG_FILES.daemon} 2>&1`
  const [program, ...args] = [...root, 'sh', '-c', command]
  const nothing = openSync('/dev/null', 'r')
  spawn(program, args, { detached: true, stdio: [nothing, 'ignore', 'ignore'] }).unref()
  closeSync(nothing)
  return true
}

/**
 * Killed while it wrote, engine 20.10 can leave half a network in its database, and then panics at every start in
 * libnetwork's reservePools. The database is put aside: stacks make
 * their networks anew, and networks made by hand can be had back from it.
 */
async function startWithoutNetworks(root, log, answers, logged) {
  // Only what was written since this start was tried counts: an old panic is no reason.
  const words = existsSync(LOG_FILES.daemon) ? readFileSync(LOG_FILES.daemon).subarray(logged).toString() : ''
  const panicked = /^panic:/m.test(words) && words.includes('reservePools')
  if (!panicked || existsSync('/run/systemd/system')) return false
  const aside = `${NETWORKS}.${Date.now()}`
  log(`The engine's network database is broken: putting it aside as ${aside}`)
  const [command, ...args] = [...root, 'mv', NETWORKS, aside]
  await mustRun(command, args)
  await clearRemains(root, log)
  return (await startDaemon(root)) && (await comesUp(answers))
}

async function succeeds([command, ...args]) {
  return (await run(command, args)).code === 0
}

async function comesUp(answers) {
  const started = Date.now()
  return waitUntil(answers, START_LIMIT, () => daemonLives() || Date.now() - started < GRACE)
}

/** Polls `done`; gives up at the limit, or as soon as there is no hope. */
async function waitUntil(done, limit, hope = () => true) {
  const end = Date.now() + limit
  while (Date.now() < end && hope()) {
    if (await done()) return true
    await sleep(POLL)
  }
  return false
}

function daemonLives() {
  return holderOf('/var/run/docker.pid') === 'dockerd'
}

/** The name of the living process that a pid file names; undefined if it lives no more, or is a zombie. */
function holderOf(pidFile) {
  try {
    const stat = readFileSync(`/proc/${readFileSync(pidFile, 'utf8').trim()}/stat`, 'utf8')
    return stat.match(/\((.*)\) [^ZX]/)?.[1]
  } catch {
    return undefined
  }
}

/**
 * Removes what a killed engine left behind. Its number in a pid file may belong to another process by now, and the
 * daemon would refuse to start for its sake; a dead containerd's socket would have the daemon wait for nobody.
 */
async function clearRemains(root, log) {
  const stale = Object.keys(PID_FILES).filter((file) => existsSync(file) && holderOf(file) !== PID_FILES[file])
  if (existsSync(CONTAINERD_SOCKET) && !(await accepts(CONTAINERD_SOCKET))) stale.push(CONTAINERD_SOCKET)
  if (stale.length === 0) return
  log(`Removing what a killed engine left: ${stale.join(', ')}`)
  const [command, ...args] = [...root, 'rm', '-f', ...stale]
  await mustRun(command, args)
}

function accepts(path) {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.on('connect', () => resolve(socket.destroy() && true))
    // Without permission to ask it, it is taken to be alive.
    socket.on('error', (error) => resolve(error.code === 'EACCES'))
  })
}

async function lastWords() {
  if (existsSync('/run/systemd/system')) {
    return lastLines((await run('journalctl', ['-u', 'docker', '-n', '15', '--no-pager', '-o', 'cat'])).output, 15)
  }
  const logs = Object.values(LOG_FILES).filter((file) => existsSync(file) && statSync(file).size > 0)
  return logs.map((file) => `  ${file}:\n${lastLines(readFileSync(file, 'utf8'), 10)}`).join('\n')
}
