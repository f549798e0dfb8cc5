import { lstat, readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { calledAs } from '../../../cli/own-command.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { FOUND_NAMES } from '../../../load/discover/found-names.ts'

/** Where a stack is written. */
export interface Target {
  /** Absolute. */
  folder: string
  /** Absolute. */
  file: string
  /** The path of the stack file as the user would write it. */
  shown: string
  isNamed: boolean
  force: boolean
  /** The words that start commands about the stack: `flotilla -f lab.yaml`. */
  program: string
}

const USUAL = 'stack.yaml'

/** The stack file that `-o` names, or else `-f`, or else the usual one in the project's directory. */
export function targetOf(
  { host, globals }: Context,
  { output, force }: { output: string | undefined; force: boolean },
): Target {
  const named = output ?? globals.file[0]
  const file = resolve(host.cwd, globals.projectDirectory ?? '', named ?? USUAL)
  const shown = relative(host.cwd, file) || file
  const isNamed = named !== undefined
  const isSelected = isNamed || dirname(file) !== host.cwd
  const program = `${calledAs(host)}${isSelected ? ` -f ${quoted(shown)}` : ''}`
  return { folder: dirname(file), file, shown, isNamed, force, program }
}

function quoted(word: string): string {
  return /^[\w./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** Throws a StackError if writing would overwrite the stack file, or if another stack file in the folder would be used instead. */
export async function checkTarget({ folder, file, shown, isNamed, force }: Target): Promise<void> {
  const there = await lstat(file).catch(() => undefined)
  const another = 'write another file with -o FILE'
  if (there && !(force && there.isFile())) {
    const hint = there.isFile() ? `--force replaces it; or ${another}` : another
    throw new StackError([error('usage', `${shown} exists already`, { hint })])
  }
  const names = isNamed ? [] : await readdir(folder).catch(() => [])
  const other = FOUND_NAMES.find((name) => names.includes(name) && join(folder, name) !== file)
  if (other)
    throw new StackError([error('usage', `${other} is the stack file of this folder already`, { hint: another })])
}
