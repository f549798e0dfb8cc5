import type { Context } from '../../../cli/context.ts'
import { decimalSize } from '../../../view/size.ts'

/** How often the line changes, in milliseconds. */
const FRAME = 100

/**
 * Shows on a terminal how many bytes of how many are done, as a line below everything else. The total may be an estimate. Call `end` at last.
 */
export function byteProgress(context: Context, verb: string, total: number): { add(bytes: number): void; end(): void } {
  const { err, clock } = context.terminal
  const isShown = err.isTTY && context.mode() !== 'quiet' && context.mode() !== 'json'
  let done = 0
  let drawn = Number.NEGATIVE_INFINITY
  const draw = () => {
    const text = `${verb} ${decimalSize(done)} of ${decimalSize(Math.max(total, done))}`
    err.footer?.((columns) => text.slice(0, Math.max(0, columns - 1)))
  }
  return {
    add(bytes) {
      done += bytes
      if (!isShown || clock.now() - drawn < FRAME) return
      drawn = clock.now()
      draw()
    },
    end() {
      if (isShown) err.footer?.(undefined)
    },
  }
}
