import { realClock } from '../../../src/execute/clock.ts'
import type { Clock } from '../../../src/execute/step-context.ts'

const SPEED = 100

/** Waiting is a hundred times as fast. */
export const quickClock: Clock = {
  now: () => realClock.now() * SPEED,
  sleep: (ms, signal) => realClock.sleep(ms / SPEED, signal),
}
