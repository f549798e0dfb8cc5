import type { ContainerDetail } from '../../../../docker/port.ts'
import { isRestarting, isRunning, isUnstarted } from '../../../state.ts'
import type { ReadyCondition } from '../../action.ts'
import { hasFailedTests } from '../../observe/health.ts'
import type { Sight } from './sight.ts'

/** `undefined`: not decided yet. */
export type Verdict =
  | { ready: true }
  | { ready: false; code: 'container-exited' | 'container-unhealthy'; why: string; tries: string[] }
  | undefined

/** A container that ends again after this many restarts by the engine, whose delays double, counts as failed. */
const MOST_RESTARTS = 3

/**
 * Checks the state before the health, which is outdated at the moment a container ends. A paused container is neither ready nor
 * failed.
 */
export function judge(detail: ContainerDetail, condition: ReadyCondition, sight: Sight = UNSEEN): Verdict {
  const isJob = condition === 'service_completed_successfully'
  if (isRestarting(detail) && sight.restarts >= MOST_RESTARTS && !isJob) return keepsEnding(detail, sight.restarts)
  const ended = !detail.running && !isRestarting(detail) && !isUnstarted(detail)
  if (ended) return judgeEnded(detail, condition)
  if (isJob || !isRunning(detail)) return undefined
  const health = detail.health?.status
  if (health === undefined) return condition === 'running_or_healthy' ? judgeUntested(sight) : noHealthTest()
  if (health === 'healthy') return isOfThisRun(detail) ? { ready: true } : undefined
  return health === 'unhealthy' && isOfThisRun(detail) && !sight.isOld ? unhealthy(detail) : undefined
}

const UNSEEN: Sight = { restarts: 0, isOld: false, isSteady: true }

function judgeUntested({ isSteady }: Sight): Verdict {
  return isSteady ? { ready: true } : undefined
}

function judgeEnded({ exitCode }: ContainerDetail, condition: ReadyCondition): Verdict {
  if (exitCode === 0 && condition !== 'service_healthy') return { ready: true }
  return { ready: false, code: 'container-exited', why: `ended with exit code ${exitCode}`, tries: [] }
}

function keepsEnding({ exitCode }: ContainerDetail, restarts: number): Verdict {
  const why = `was restarted ${restarts} times, and exited with code ${exitCode} again`
  return { ready: false, code: 'container-exited', why, tries: [] }
}

/** Ignores a health verdict from before the container's own start. */
function isOfThisRun({ health, startedAt }: ContainerDetail): boolean {
  const last = health?.log.at(-1)
  return !last || !startedAt || Date.parse(last.end) >= Date.parse(startedAt)
}

function unhealthy(detail: ContainerDetail): Verdict {
  const times = detail.health?.failingStreak ?? 0
  if (!hasFailedTests(detail)) return undefined
  const why = `is unhealthy: its health test failed ${times > 1 ? `${times} times in a row` : 'once'}`
  return { ready: false, code: 'container-unhealthy', why, tries: [] }
}

function noHealthTest(): Verdict {
  const tries = ['give it a `healthcheck`, or use `condition: service_started` instead']
  return { ready: false, code: 'container-unhealthy', why: 'has no health check', tries }
}

export function gone(): Verdict {
  return { ready: false, code: 'container-exited', why: 'was removed during the wait', tries: GONE }
}

const GONE = ['find out what removed it, then run this again to recreate it']
