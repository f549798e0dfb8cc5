import { EngineError } from '../../../src/docker/port.ts'
import { attachAll, detachAll } from './endpoints.ts'
import { writeFirstFiles } from './files.ts'
import { beginHealth, endHealth, goOnTesting } from './health.ts'
import { publish } from './ports.ts'
import { emit, minorOf, refuse, type StoredContainer, type World } from './world.ts'

const KILLED = 137
const TERMINATED = 143
const START_FAILED = 128
const COMMAND_NOT_FOUND = 127
const DEFAULT_GRACE = 10
const FIRST_RESTART_DELAY = 100

export function start(world: World, container: StoredContainer): void {
  if (container.state === 'paused') refuse(409, 'cannot start a paused container, try unpause instead')
  if (isAlive(container)) return
  container.stoppedByHand = false
  container.restartCount = 0
  launch(world, container)
}

/** A start that fails leaves the state as it was, with the reason. */
function launch(world: World, container: StoredContainer): void {
  try {
    attachAll(world, container)
    const { startFails } = container.image.fixture
    if (startFails) throwNotStarted(container, startFails)
    publish(world, container)
  } catch (error) {
    detachAll(world, container)
    container.error = (error as Error).message
    if (container.exitCode === 0) container.exitCode = START_FAILED
    throw error
  }
  begin(world, container)
}

function throwNotStarted(container: StoredContainer, reason: string): never {
  container.exitCode = COMMAND_NOT_FOUND
  return refuse(400, `failed to create shim task: OCI runtime create failed: ${reason}: unknown`)
}

function begin(world: World, container: StoredContainer): void {
  const life = new AbortController()
  const startedAt = world.clock.now()
  Object.assign(container, { state: 'running', exitCode: 0, error: '', startedAt, life })
  const { exits, log = [] } = container.image.fixture
  writeFirstFiles(world, container)
  for (const { after, stream = 'stdout', text } of log) container.log.push({ at: startedAt + after, stream, text })
  emitFor(world, container, 'start')
  beginHealth(world, container, life.signal)
  if (exits)
    later(world, life.signal, exits.after, () => {
      container.oomKilled = exits.oomKilled ?? false
      die(world, container, exits.code)
    })
}

/** Its processes are there, at work or not. */
export function isAlive({ state }: Pick<StoredContainer, 'state'>): boolean {
  return state === 'running' || state === 'restarting' || state === 'paused'
}

/** What time does to a container goes on: only the engine's own rules are kept here. */
export function pause(world: World, container: StoredContainer): void {
  const { id, state } = container
  if (state === 'paused') refuse(409, `Container ${id} is already paused`)
  if (state === 'restarting') refuse(409, `Container ${id} is restarting, wait until the container is running`)
  if (state !== 'running') refuse(409, `Container ${id} is not running`)
  container.state = 'paused'
  endHealth(container)
  emitFor(world, container, 'pause')
}

export function unpause(world: World, container: StoredContainer): void {
  if (container.state !== 'paused') refuse(500, `Container ${container.id} is not paused`)
  container.state = 'running'
  goOnTesting(world, container, container.life?.signal)
  emitFor(world, container, 'unpause')
}

/** Runs unless the signal aborts first. */
export function later(world: World, signal: AbortSignal, ms: number, action: () => void): void {
  world.clock.sleep(ms, signal).then(action, () => undefined)
}

/** Asks the process to end, and kills it after the grace (seconds). */
export async function stop(world: World, container: StoredContainer, grace: number | undefined): Promise<void> {
  container.stoppedByHand = true
  if (container.state === 'restarting') return halt(world, container)
  if (!isAlive(container)) return
  const { life } = container
  emitFor(world, container, 'kill', { signal: '15' })
  const { ignoresStop, stopsWith = TERMINATED } = container.image.fixture
  if (ignoresStop) {
    await world.clock
      .sleep((grace ?? container.spec.StopTimeout ?? DEFAULT_GRACE) * 1000, life?.signal)
      .catch(() => undefined)
    emitFor(world, container, 'kill', { signal: '9' })
  }
  const end = () => {
    if (container.life === life && isAlive(container)) die(world, container, ignoresStop ? KILLED : stopsWith)
  }
  const tell = () => emitFor(world, container, 'stop')
  // Newer engines may report the stop first.
  for (const each of minorOf(world) < 44 ? [end, tell] : [tell, end]) each()
}

/** While the engine waits to start it again, it does not run. */
function halt(world: World, container: StoredContainer): void {
  container.life?.abort()
  container.state = 'exited'
  emitFor(world, container, 'stop')
}

export function kill(world: World, container: StoredContainer, name: string): void {
  const signal = name.replace(/^SIG/, '')
  if (!SIGNALS.includes(signal)) refuse(400, `Invalid signal: ${name}`)
  if (!isAlive(container)) {
    refuse(409, `Cannot kill container: ${container.id}: Container ${container.id} is not running`)
  }
  emitFor(world, container, 'kill', { signal })
  const ends = signal === 'KILL' || (['TERM', 'INT', 'QUIT'].includes(signal) && !container.image.fixture.ignoresStop)
  if (!ends) return
  container.stoppedByHand = true
  die(world, container, signal === 'KILL' ? KILLED : (container.image.fixture.stopsWith ?? TERMINATED))
}

const SIGNALS = ['HUP', 'INT', 'QUIT', 'KILL', 'USR1', 'USR2', 'TERM']

export function die(world: World, container: StoredContainer, exitCode: number): void {
  const now = world.clock.now()
  container.life?.abort()
  Object.assign(container, { state: 'exited', exitCode, finishedAt: now, ports: [] })
  container.log = container.log.filter(({ at }) => at <= now)
  endHealth(container)
  emitFor(world, container, 'die', { exitCode: String(exitCode) })
  detachAll(world, container)
  if (isRestarted(container)) restart(world, container)
}

function isRestarted({ spec, exitCode, restartCount, stoppedByHand }: StoredContainer): boolean {
  const { Name = '', MaximumRetryCount = 0 } = spec.HostConfig.RestartPolicy ?? {}
  if (stoppedByHand) return false
  if (Name === 'always' || Name === 'unless-stopped') return true
  return Name === 'on-failure' && exitCode !== 0 && (MaximumRetryCount === 0 || restartCount < MaximumRetryCount)
}

/** Each time after twice the delay of the time before. */
function restart(world: World, container: StoredContainer): void {
  const waiting = new AbortController()
  Object.assign(container, { state: 'restarting', life: waiting })
  const delay = FIRST_RESTART_DELAY * 2 ** Math.min(container.restartCount, 9)
  later(world, waiting.signal, delay, () => {
    container.restartCount++
    container.state = 'exited'
    try {
      launch(world, container)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
    }
  })
}

/** A container's events carry all its labels. */
export function emitFor(
  world: World,
  { id, name, spec }: StoredContainer,
  action: string,
  more: Record<string, string> = {},
): void {
  emit(world, 'container', action, id, { ...spec.Labels, image: spec.Image, name, ...more })
}
