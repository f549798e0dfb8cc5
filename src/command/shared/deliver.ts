import { resolve } from 'node:path'
import type { Context } from '../../cli/context.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { reasonOf } from '../../diagnostics/system-error.ts'

/** Writes to the file that the user named, or prints. Throws a StackError if the file cannot be written. */
export async function deliver(
  context: Context,
  file: string | undefined,
  text: string,
  options?: { mode: number },
): Promise<void> {
  const { host } = context
  if (file === undefined) return context.print(text)
  if (file === '') throw new StackError([error('usage', 'FILE is empty: name the file to write')])
  try {
    await host.writeFile(resolve(host.cwd, file), text, options)
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    throw new StackError([error('usage', `${file} cannot be written: ${reasonOf(cause)}`)])
  }
}
