import type { Context } from '../../cli/context.ts'
import type { RowFormat, RowList } from '../../view/template/row-format.ts'

/** The help text of `--format` for commands that accept a template. */
export const FORMAT_FLAG = {
  type: 'string',
  value: 'FORMAT',
  suggestions: ['table', 'json'],
  description: 'How to print: table, json, a Go template, or "table TEMPLATE"',
} as const

/**
 * The value of `--format`, or else the format for this list in the user's Docker configuration (`psFormat`, …); undefined for the
 * default table. Throws a StackError if it is invalid.
 */
export async function rowFormat(
  context: Context,
  given: string | undefined,
  list: RowList,
  setting?: string,
): Promise<RowFormat | undefined> {
  const configured = given === undefined && setting ? await context.host.dockerSetting?.(setting) : undefined
  const format = given || configured
  if (!format || format === 'table') return undefined
  const { RowFormat } = await import('../../view/template/row-format.ts')
  const source = configured === undefined ? '--format' : `${setting} in the configuration of Docker`
  return new RowFormat(format, list, source)
}
