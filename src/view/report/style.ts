import type { Facts } from '../contract.ts'
import { paletteOf } from '../palette.ts'
import type { Terminal } from '../terminal.ts'
import type { ProblemStyle } from './problem.ts'

/** How problems look on a terminal's standard error at this moment. */
export function problemStyle(terminal: Terminal, facts: Facts): ProblemStyle {
  return {
    palette: paletteOf(terminal.err),
    columns: terminal.err.columns(),
    sensitive: facts.sensitive(),
    sourceOf: facts.sourceOf,
    workingDirectory: facts.workingDirectory,
  }
}
