import type { Plan } from '../plan/plan.ts'
import { inAscii } from '../view/ascii.ts'
import type { LogPrinter, LogStyle } from '../view/log-lines.ts'
import { jsonText, oneLine } from '../view/redact/visible.ts'
import { GAP, table } from '../view/table.ts'
import { clip, padEnd, widthOf } from '../view/width.ts'
import type { Context } from './context.ts'
import { isAscii } from './terminal/modes.ts'

/** Our own texts, limited to characters that the terminal supports. */
export function wordsFor({ host }: Context, text: string): string {
  return isAscii(host.env) ? inAscii(text) : text
}

/** Prints requested data in our own words to standard output. */
export function printWords(context: Context, text: string): void {
  context.print(wordsFor(context, text))
}

/** Prints columns under headings to standard output. */
export function printTable(context: Context, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  printWords(context, table(headings, rows))
}

/**
 * Like `printTable`; on a terminal that is too narrow, drops optional columns in the given order until the lines fit, and then
 * truncates cells.
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

/** Truncates the widest cells until the rows fit, one column at a time, but never below a readable width. */
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

/** Like `printTable`; on a terminal that is too narrow, prints each row's cells below each other. */
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

/** Whether lines fit; piped output has no width limit. */
function fits({ terminal: { out } }: Context, text: string): boolean {
  return !out.isTTY || text.split('\n').every((line) => widthOf(line) <= out.columns())
}

/** Prints one JSON value, indented, to standard output. */
export function printJson(context: Context, value: unknown): void {
  context.print(`${jsonText(value, 2)}\n`)
}

/** Prints each line to standard output. */
export function printLines(context: Context, lines: readonly string[]): void {
  context.print(lines.map((line) => `${oneLine(line)}\n`).join(''))
}

/** Prints a plan as text or as JSON for programs; masks sensitive values in both. */
export async function printPlan(context: Context, plan: Plan<unknown>, format: 'text' | 'json'): Promise<void> {
  const [{ planData, planOutput }, { paletteOf }] = await Promise.all([
    import('../view/plan.ts'),
    import('../view/palette.ts'),
  ])
  const { sensitive } = context.project
  const secrets = { sensitive, ownCommand: (command: string) => context.ownCommand(command) }
  if (format === 'json') printJson(context, planData(plan, secrets))
  else printWords(context, planOutput(plan, paletteOf(context.terminal.out), secrets))
}

/** Formats log lines for each stream, and remarks about containers for standard output. */
export interface LogLayout {
  line(name: string, line: StreamLine): Printed
  remark(name: string, text: string): Printed
}

export interface Printed {
  stream: 'stdout' | 'stderr'
  text: string
}

type StreamLine = Printed & { time?: string }

/** A container has the same colour on both streams, if they have colours. */
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
