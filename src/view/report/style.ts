import type { Facts } from '../contract.ts'
import { paletteOf } from '../palette.ts'
import { type Terminal, wrapAt } from '../terminal.ts'
import type { ProblemStyle } from './problem.ts'

/** The current style of problems on a terminal's standard error. */
export function problemStyle(terminal: Terminal, facts: Facts): ProblemStyle {
  return {
    palette: paletteOf(terminal.err),
    columns: terminal.err.columns(),
    wrapAt: wrapAt(terminal.err),
    sensitive: facts.sensitive(),
    sourceOf: facts.sourceOf,
    workingDirectory: facts.workingDirectory,
  }
}
