import type { Plan } from '../plan/plan.ts'
import type { LogPrinter, LogStyle } from '../view/log-lines.ts'
import { table } from '../view/table.ts'
import { padEnd, widthOf } from '../view/width.ts'
import type { Context } from './context.ts'

/** Columns under headings, on standard output. */
export function printTable(context: Context, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  context.print(table(headings, rows))
}

/**
 * As `printTable`; on a terminal that is too narrow for whole lines, without the columns that can be spared, in the order in which they
 * are named, as far as it takes.
 */
export function printFittingTable(
  context: Context,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  spare: readonly string[],
): void {
  let left = [...headings]
  for (const heading of spare) {
    if (fits(context, tableOf(left, headings, rows))) break
    left = left.filter((each) => each !== heading)
  }
  context.print(tableOf(left, headings, rows))
}

/** As `printTable`; on a terminal that is too narrow for whole lines, each row's cells one under the other. */
export function printTableOrList(
  context: Context,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const whole = table(headings, rows)
  const width = Math.max(...headings.map(widthOf))
  const blocks = rows.map((row) =>
    row.map((cell, index) => `${padEnd(headings[index] ?? '', width)}   ${cell}\n`).join(''),
  )
  context.print(fits(context, whole) ? whole : blocks.join('\n'))
}

function tableOf(chosen: readonly string[], headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = chosen.map((heading) => headings.indexOf(heading))
  return table(
    chosen,
    rows.map((row) => columns.map((column) => row[column] ?? '')),
  )
}

/** What is piped has no width. */
function fits({ terminal: { out } }: Context, text: string): boolean {
  return !out.isTTY || text.split('\n').every((line) => widthOf(line) <= out.columns())
}

/** One JSON value, indented, on standard output. */
export function printJson(context: Context, value: unknown): void {
  context.print(`${JSON.stringify(value, null, 2)}\n`)
}

/** One line each, on standard output. */
export function printLines(context: Context, lines: readonly string[]): void {
  context.print(lines.map((line) => `${line}\n`).join(''))
}

/** A plan for people or, as JSON, for programs; sensitive values taken out of both. */
export async function printPlan(context: Context, plan: Plan<unknown>, format: 'text' | 'json'): Promise<void> {
  const [{ planData, planOutput }, { paletteOf }] = await Promise.all([
    import('../view/plan.ts'),
    import('../view/palette.ts'),
  ])
  if (format === 'json') printJson(context, planData(plan, context.sensitive))
  else context.print(planOutput(plan, paletteOf(context.terminal.out), context.sensitive))
}

/** Lays out log lines for standard output. */
export async function logPrinter(
  context: Context,
  style: LogStyle & { colour: boolean },
  names: readonly string[],
): Promise<LogPrinter> {
  const [{ LogPrinter: Printer }, { paletteOf }] = await Promise.all([
    import('../view/log-lines.ts'),
    import('../view/palette.ts'),
  ])
  return new Printer(style, paletteOf(style.colour ? context.terminal.out : { colours: 0 }), names)
}
