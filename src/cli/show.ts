import type { Plan } from '../plan/plan.ts'
import { inAscii } from '../view/ascii.ts'
import { fittedTable, type Loss } from '../view/fitted-table.ts'
import type { LogPrinter, LogStyle } from '../view/log-lines.ts'
import { prose } from '../view/prose.ts'
import { jsonText, oneLine } from '../view/redact/visible.ts'
import { table } from '../view/table.ts'
import { wrapAt } from '../view/terminal.ts'
import { padEnd, widthOf } from '../view/width.ts'
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

/**
 * Prints columns under headings to standard output, on a terminal within its width.
 * @param losses what to cut and leave out on a narrow terminal, the first loss first
 */
export function printTable(
  context: Context,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  losses: readonly Loss[] = [],
): void {
  printWords(context, fittedTable(headings, rows, { columns: widthFor(context), losses }))
}

/** In terminal columns; piped output has no limit. */
export function widthFor({ terminal: { out } }: Context): number {
  return wrapAt(out)
}

/** Prints a sentence in our own words to standard output, on a terminal within its width. */
export function printSentence(context: Context, text: string): void {
  printWords(context, `${prose(text, { columns: widthFor(context), indent: 2 })}\n`)
}

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

function fits(context: Context, text: string): boolean {
  return text.split('\n').every((line) => widthOf(line) <= widthFor(context))
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
  else printWords(context, planOutput(plan, paletteOf(context.terminal.out), secrets, widthFor(context)))
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
