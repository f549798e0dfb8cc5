import type { Context } from '../../cli/context.ts'
import type { RowFormat, RowList } from '../../view/template/row-format.ts'

/** What help says of `--format` where a template may stand. */
export const FORMAT_FLAG = {
  type: 'string',
  value: 'FORMAT',
  description: 'How to print: table, json, a Go template, or "table TEMPLATE"',
} as const

/**
 * A `--format`, else what the user's Docker configuration says for such lists (`psFormat`, …); undefined for the usual table. Throws
 * StackError if it cannot be read.
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
