import type { Clock } from '../run/scope.ts'

/** One of the process's output streams, as far as views care. */
export interface Output {
  write(text: string): void
  isTTY: boolean
  /** Asked anew for each frame, since terminals are resized. */
  columns(): number
  rows(): number
  /** How many colours to use: 0 none, 1 sixteen, 2 256, 3 all. */
  colours: 0 | 1 | 2 | 3
}

/** Asked-for data goes to `out`; progress and problems go to `err`. */
export interface Terminal {
  out: Output
  err: Output
  clock: Clock
}
