import type { Clock } from '../execute/step-context.ts'

/** One of the process's output streams, as far as views care. */
export interface Output {
  /** Drops what cannot be written. */
  write(text: string): void
  /** Resolves once what was written is with the system, or lost. */
  written?(): Promise<void>
  /** Aborts, with the system's error, once what is written reaches nobody. */
  lost?: AbortSignal
  isTTY: boolean
  /** Read for each frame, because terminals are resized. */
  columns(): number
  rows(): number
  /** How many colours to use: 0 none, 1 sixteen, 2 256, 3 all. */
  colours: 0 | 1 | 2 | 3
  /** How often the process was stopped so far (Ctrl-Z) and went on: others may have written to the terminal meanwhile. */
  stops?(): number
}

/** Asked-for data goes to `out`; progress and problems go to `err`. */
export interface Terminal {
  out: Output
  err: Output
  clock: Clock
}
