import type { Clock } from '../execute/step-context.ts'

/** One of the process's output streams, with the parts that views use. */
export interface Output {
  /** Drops text that cannot be written. */
  write(text: string): void
  /** Resolves once the written text has reached the system or is lost. */
  written?(): Promise<void>
  /** Aborts, with the system's error, once written text no longer reaches anybody. */
  lost?: AbortSignal
  isTTY: boolean
  /** Called for each frame, because terminals may be resized. */
  columns(): number
  rows(): number
  /** Colour support: 0 none, 1 sixteen, 2 256, 3 all. */
  colours: 0 | 1 | 2 | 3
  /**
   * Shows a line below everything that is printed, on a terminal; undefined removes it. The outputs of one terminal share it.
   * @param line returns the text for a number of columns, which it must not fill
   */
  footer?(line: ((columns: number) => string) | undefined): void
  /** The live list at the end of the terminal, which prints above itself. The views and outputs of one terminal share it. */
  live?: { list?: { above(print: () => void): void } }
  /** How often the process was stopped (Ctrl-Z) and continued: others may have written to the terminal in between. */
  stops?(): number
}

/** The width at which an output's sentences are wrapped: files and pipes get each on one line. */
export function wrapAt({ isTTY, columns }: Pick<Output, 'isTTY' | 'columns'>): number {
  return isTTY ? columns() : Number.POSITIVE_INFINITY
}

/** Requested data goes to `out`; progress and problems go to `err`. */
export interface Terminal {
  out: Output
  err: Output
  clock: Clock
}
