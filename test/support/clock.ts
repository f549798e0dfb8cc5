import type { Clock } from '../../src/execute/step-context.ts'

export interface VirtualClock extends Clock {
  /** Moves on by that many milliseconds, through every sleep that ends in between. */
  advance(ms: number): Promise<void>
  /** Sleeps that have not ended yet. */
  readonly sleeping: number
}

export interface VirtualClockOptions {
  /** With `manual`, time stands still but for `advance`. */
  manual?: boolean
  /** No test takes that long in virtual time: a sleep beyond is a wait that never ends, and rejects. Default one day. */
  limit?: number
}

interface Sleeper {
  at: number
  order: number
  wake(): void
}

const DAY = 24 * 60 * 60 * 1000

/**
 * Time that passes only while everybody sleeps: when no microtask is left, the sleep that ends first ends, and the clock stands at its end.
 * What takes minutes in life takes microseconds, in the same order each time.
 */
export function virtualClock({ manual = false, limit = DAY }: VirtualClockOptions = {}): VirtualClock {
  const sleepers = new Set<Sleeper>()
  let time = 0
  let order = 0
  let ticking = false

  const wakeNext = (until: number): boolean => {
    const next = earliest(sleepers)
    if (!next || next.at > until) return false
    sleepers.delete(next)
    time = Math.max(time, next.at)
    next.wake()
    return true
  }
  const tick = () => {
    ticking = wakeNext(Number.POSITIVE_INFINITY)
    if (ticking) setImmediate(tick)
  }
  const add = (sleeper: Sleeper) => {
    sleepers.add(sleeper)
    if (ticking || manual) return
    ticking = true
    setImmediate(tick)
  }
  return {
    now: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted()
        const at = time + Math.max(0, ms)
        if (at > limit) throw new Error(`slept until ${at} ms of virtual time: what is waited for never comes`)
        const sleeper = { at, order: order++, wake }
        signal?.addEventListener('abort', abort, { once: true })
        add(sleeper)
        function wake() {
          signal?.removeEventListener('abort', abort)
          resolve()
        }
        function abort() {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
      }),
    async advance(ms) {
      const until = time + ms
      do await idle()
      while (wakeNext(until))
      time = until
    },
    get sleeping() {
      return sleepers.size
    },
  }
}

function earliest(sleepers: Set<Sleeper>): Sleeper | undefined {
  let first: Sleeper | undefined
  for (const each of sleepers) {
    if (!first || each.at < first.at || (each.at === first.at && each.order < first.order)) first = each
  }
  return first
}

/** All microtasks have run. */
function idle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
