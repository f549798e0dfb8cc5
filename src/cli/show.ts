import type { Plan } from '../plan/plan.ts'
import { inAscii } from '../view/ascii.ts'
import type { LogPrinter, LogStyle } from '../view/log-lines.ts'
import { jsonText, oneLine } from '../view/redact/visible.ts'
import { GAP, table } from '../view/table.ts'
import { clip, padEnd, widthOf } from '../view/width.ts'
import type { Context } from './context.ts'
import { isAscii } from './terminal/modes.ts'

/** Our own words, in characters that the terminal has. */
export function wordsFor({ host }: Context, text: string): string {
  return isAscii(host.env) ? inAscii(text) : text
}

/** Asked-for data in our own words, to standard output. */
export function printWords(context: Context, text: string): void {
  context.print(wordsFor(context, text))
}

/** Columns under headings, on standard output. */
export function printTable(context: Context, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  printWords(context, table(headings, rows))
}

/**
 * As `printTable`; on a terminal that is too narrow for whole lines, without the columns that can be spared, in the order in which they
 * are named, as far as it takes, and then with cells of others cut.
 */
export function printFittingTable(
  context: Context,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  spare: readonly string[],
  cut: readonly string[] = [],
): void {
  let left = [...headings]
  for (const heading of spare) {
    if (fits(context, tableOf(left, headings, rows))) break
    left = left.filter((each) => each !== heading)
  }
  const text = tableOf(left, headings, rows)
  printWords(context, fits(context, text) ? text : squeezed(left, headings, rows, cut, context.terminal.out.columns()))
}

/** The widest cells are cut until the rows fit, a column at a time, but none to less than is worth reading. */
function squeezed(
  left: readonly string[],
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  cut: readonly string[],
  columns: number,
): string {
  const cells = rows.map((row) => left.map((heading) => row[headings.indexOf(heading)] ?? ''))
  const widths = left.map((heading, at) => Math.max(widthOf(heading), ...cells.map((row) => widthOf(row[at] ?? ''))))
  const total = () => widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length)
  for (const heading of cut) {
    const at = left.indexOf(heading)
    const over = total() - columns
    if (at >= 0 && over > 0) widths[at] = Math.max(widthOf(heading), LEAST, (widths[at] ?? 0) - over)
  }
  return table(
    left,
    cells.map((row) => row.map((cell, at) => clip(cell, widths[at] ?? 0))),
  )
}

const LEAST = 12

/** As `printTable`; on a terminal that is too narrow for whole lines, each row's cells one under the other. */
export function printTableOrList(
  context: Context,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const whole = table(headings, rows)
  const width = Math.max(...headings.map(widthOf))
  const blocks = rows.map((row) =>
    row.map((cell, index) => `${padEnd(headings[index] ?? '', width)}   ${oneLine(cell)}\n`).join(''),
  )
  printWords(context, fits(context, whole) ? whole : blocks.join('\n'))
}

function tableOf(chosen: readonly string[], headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = chosen.map((heading) => headings.indexOf(heading))
  return table(
    chosen,
    rows.map((row) => columns.map((column) => row[column] ?? '')),
  )
}

/** Piped output has no width. */
function fits({ terminal: { out } }: Context, text: string): boolean {
  return !out.isTTY || text.split('\n').every((line) => widthOf(line) <= out.columns())
}

/** One JSON value, indented, on standard output. */
export function printJson(context: Context, value: unknown): void {
  context.print(`${jsonText(value, 2)}\n`)
}

/** One line each, on standard output. */
export function printLines(context: Context, lines: readonly string[]): void {
  context.print(lines.map((line) => `${oneLine(line)}\n`).join(''))
}

/** A plan for people or, as JSON, for programs; sensitive values taken out of both. */
export async function printPlan(context: Context, plan: Plan<unknown>, format: 'text' | 'json'): Promise<void> {
  const [{ planData, planOutput }, { paletteOf }] = await Promise.all([
    import('../view/plan.ts'),
    import('../view/palette.ts'),
  ])
  if (format === 'json') printJson(context, planData(plan, context.project.sensitive))
  else printWords(context, planOutput(plan, paletteOf(context.terminal.out), context.project.sensitive))
}

/** Lays out log lines, each for the stream that it belongs to, and remarks about containers for standard output. */
export interface LogLayout {
  line(name: string, line: StreamLine): Printed
  remark(name: string, text: string): Printed
}

export interface Printed {
  stream: 'stdout' | 'stderr'
  text: string
}

type StreamLine = Printed & { time?: string }

/** Containers have the same colours on both streams, where a stream has any. */
export async function logLayout(
  context: Context,
  style: LogStyle & { colour: boolean },
  names: readonly string[],
): Promise<LogLayout> {
  const [{ LogPrinter: Printer }, { paletteOf }] = await Promise.all([
    import('../view/log-lines.ts'),
    import('../view/palette.ts'),
  ])
  const { out, err } = context.terminal
  const printerOn = (output: typeof out) => new Printer(style, paletteOf(style.colour ? output : { colours: 0 }), names)
  const printers: Record<Printed['stream'], LogPrinter> = { stdout: printerOn(out), stderr: printerOn(err) }
  return {
    line(name, { stream, text, time }) {
      for (const each of Object.values(printers)) each.meet(name)
      return { stream, text: printers[stream].line(name, text, time) }
    },
    remark: (name, text) => ({ stream: 'stdout', text: printers.stdout.remark(name, text) }),
  }
}
