import type { Plan } from '../plan/plan.ts'
import type { LogPrinter, LogStyle } from '../view/log-lines.ts'
import { table } from '../view/table.ts'
import type { Context } from './context.ts'

/** Columns under headings, on standard output. */
export function printTable(context: Context, headings: readonly string[], rows: readonly (readonly string[])[]): void {
  context.print(table(headings, rows))
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
