import { prose } from '../prose.ts'
import { visible } from '../redact/visible.ts'
import { type Output, wrapAt } from '../terminal.ts'

/** A sentence about the command's progress, with its newline. */
export function sayingText(text: string, output: Output): string {
  return `${prose(visible(text), { columns: wrapAt(output), indent: 2 })}\n`
}
