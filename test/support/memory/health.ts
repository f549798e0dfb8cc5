import { type ImageFixture, passes } from './fixture.ts'
import { emit, rfc3339, type StoredContainer, type World } from './world.ts'

const MS = 1_000_000
const DEFAULT_INTERVAL = 30_000
const DEFAULT_RETRIES = 3
const KEPT_PROBES = 5

/**
 * The engine's health test: one probe an interval, the first after one; healthy at the first that passes, unhealthy after so many failures
 * in a row, of which those in the start period do not count.
 */
export function beginHealth(world: World, container: StoredContainer, signal: AbortSignal): void {
  const { Healthcheck } = container.spec
  if (!Healthcheck?.Test?.length || Healthcheck.Test[0] === 'NONE') return
  container.health = { status: 'starting', failingStreak: 0, log: [] }
  goOnTesting(world, container, signal)
}

/** The first test comes an interval after that, and until then the health reads as it did. */
export function goOnTesting(world: World, container: StoredContainer, life: AbortSignal | undefined): void {
  if (!container.health || !life) return
  const testing = new AbortController()
  container.testing = testing
  probes(world, container, AbortSignal.any([life, testing.signal])).catch(() => undefined)
}

/** A container that is not tested is not healthy, whatever it was; nothing is reported, and its failures do not grow. */
export function endHealth(container: StoredContainer): void {
  container.testing?.abort()
  if (container.health) container.health.status = 'unhealthy'
}

async function probes(world: World, container: StoredContainer, signal: AbortSignal): Promise<void> {
  const { Interval, StartPeriod = 0, Retries } = container.spec.Healthcheck ?? {}
  const interval = Interval ? Interval / MS : DEFAULT_INTERVAL
  const { fixture } = container.image
  const { passesAfter = 0, failsWith = 'not ready', failsWithCode = 1 } = fixture
  const { startedAt = 0 } = container
  // Nothing changes any more once it passes, or once it never will: no need to go on for ever.
  for (let settled = false; !settled; ) {
    await world.clock.sleep(interval, signal)
    const sinceStart = world.clock.now() - startedAt
    const isWell = passes(fixture, sinceStart)
    const counts = sinceStart > StartPeriod / MS
    const result = isWell ? { exitCode: 0, output: 'ok\n' } : { exitCode: failsWithCode, output: `${failsWith}\n` }
    record(world, container, result, counts, Retries || DEFAULT_RETRIES)
    settled =
      (isWell && !endsLater(fixture, sinceStart)) ||
      (container.health?.status === 'unhealthy' && passesAfter === Number.POSITIVE_INFINITY)
  }
}

function endsLater({ servers = [] }: ImageFixture, sinceStart: number): boolean {
  return servers.some(({ until }) => until !== undefined && until > sinceStart)
}

function record(
  world: World,
  container: StoredContainer,
  result: { exitCode: number; output: string },
  counts: boolean,
  retries: number,
): void {
  const { health } = container
  if (!health) return
  const time = rfc3339(world.clock.now())
  const passes = result.exitCode === 0
  health.log = [...health.log, { start: time, end: time, ...result }].slice(-KEPT_PROBES)
  health.failingStreak = passes ? 0 : health.failingStreak + (counts ? 1 : 0)
  const status = passes ? 'healthy' : health.failingStreak >= retries ? 'unhealthy' : health.status
  if (status === health.status) return
  health.status = status
  const { id, name, spec } = container
  emit(world, 'container', `health_status: ${status}`, id, { ...spec.Labels, image: spec.Image, name })
}
