import type { ContainerDetail } from '../../../../docker/port.ts'
import { isRestarting, isRunning } from '../../../state.ts'

/** Facts that only several inspects of a container show. */
export interface Sight {
  /** The engine's restarts since the wait started; for a container that was restarting at that time, since its first start. */
  restarts: number
  /** Its `unhealthy` is older than the wait: the engine has not tested it since, and the next test may differ. */
  isOld: boolean
  /** It has been running for the required time, and for longer than any run that crashed during the wait. */
  isSteady: boolean
}

/** An `unhealthy` from before the wait counts once it has lasted this long: the engine's next test may be hours away. */
const OLD_MS = 10_000

/** The observations of a wait. Times are milliseconds of a single clock. */
export class Memory {
  #first: { restarts: number; probe: string | undefined; at: number } | undefined
  #run: { startedAt: string | undefined; since: number } | undefined
  #longestCrashed = 0

  constructor(private readonly steadyMs: number) {}

  look(detail: ContainerDetail, now: number): Sight {
    const { restartCount, startedAt } = detail
    this.#first ??= { restarts: isRestarting(detail) ? 0 : restartCount, probe: oldVerdict(detail), at: now }
    if (this.#run && (isRestarting(detail) || this.#run.startedAt !== startedAt))
      this.#longestCrashed = Math.max(this.#longestCrashed, now - this.#run.since)
    if (!isRunning(detail)) this.#run = undefined
    else if (!this.#run || this.#run.startedAt !== startedAt) this.#run = { startedAt, since: now }
    return {
      restarts: restartCount - this.#first.restarts,
      isOld:
        this.#first.probe !== undefined && this.#first.probe === oldVerdict(detail) && now < this.#first.at + OLD_MS,
      isSteady: this.#run !== undefined && now >= this.#run.since + this.#neededMs(),
    }
  }

  /** Milliseconds until time alone may change the result. */
  nextLook(detail: ContainerDetail, now: number): number | undefined {
    if (detail.health?.status === 'unhealthy' && isRunning(detail)) return LOOK_AGAIN_MS
    if (!this.#run || detail.health) return undefined
    const left = this.#run.since + this.#neededMs() - now
    return left > 0 ? left : undefined
  }

  /** After a crash, a run must last longer than the one that crashed. */
  #neededMs(): number {
    return this.steadyMs > 0 ? this.steadyMs + this.#longestCrashed : 0
  }
}

/** The engine sends no event for a test that fails like the previous one, so check again after this time. */
const LOOK_AGAIN_MS = 500

/** Identifies an `unhealthy` verdict by the end of the last test in this run of the container. */
function oldVerdict({ health, startedAt }: ContainerDetail): string | undefined {
  return health?.status === 'unhealthy' ? `${startedAt} ${health.log.at(-1)?.end}` : undefined
}
