import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { GLOBAL_FLAGS } from '../../../cli/globals.ts'
import { cut } from '../../../cli/parse.ts'
import { printSentence } from '../../../cli/show.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { reasonOf } from '../../../diagnostics/system-error.ts'
import { alreadyGuarded, guardLockIsFree, takeGuardLock } from '../../../guard/guard-lock.ts'
import type { Project } from '../../../project/project.ts'
import { guardFolder } from '../../../project/record-desired-state.ts'
import { makeFolder } from '../../../project/state/state-folder.ts'

export async function tellStatus(context: Context): Promise<number> {
  const [project, lock] = await Promise.all([context.project.name(), takeGuardLock(context.project)])
  if ('leave' in lock) {
    await lock.leave()
    printSentence(context, `${project} is not guarded`)
    return 1
  }
  const log = join(await guardFolder(context.project), 'guard.log')
  printSentence(context, `${project} is guarded by process ${lock.holder.pid}`)
  if (sizeOf(log) > 0) context.print(`log: ${log}\n`)
  return 0
}

/** Ends the project's guard, if there is one, and waits for its exit. */
export async function endGuard(context: Context): Promise<number> {
  const [project, lock] = await Promise.all([context.project.name(), takeGuardLock(context.project)])
  if ('leave' in lock) {
    await lock.leave()
    printSentence(context, `${project} is not guarded`)
    return 0
  }
  context.host.processes?.end(lock.holder.pid)
  await guardLockIsFree(context.project)
  printSentence(context, `${project} is no longer guarded`)
  return 0
}

/** A log above this size is rotated; the previous one is kept. */
const MOST_BYTES = 4 * 1024 * 1024

/** Starts the same command line in a new session. Throws StackError if it ends at once. */
export async function detach(context: Context): Promise<number> {
  const { processes, argv } = context.host
  if (!processes) throw new StackError([error('usage', 'a guard cannot be detached here')])
  const lock = await takeGuardLock(context.project)
  if ('holder' in lock) throw new StackError([alreadyGuarded(await context.project.name(), lock.holder)])
  await lock.leave()
  const folder = await madeFolder(context.project)
  const log = join(folder, 'guard.log')
  if (sizeOf(log) > MOST_BYTES) renameSync(log, `${log}.1`)
  const { pid, ended } = await processes.begin(attachedArgs(argv), log)
  if (ended !== undefined) {
    const hint = `its log is ${log}`
    throw new StackError([error('engine-error', `the guard ended at once, with exit code ${ended}`, { hint })])
  }
  printSentence(context, `${await context.project.name()} is guarded by process ${pid}`)
  context.print(`pid file: ${join(folder, 'guard.pid')}\nlog: ${log}\n`)
  return 0
}

/** The same command line without `--detach`. */
function attachedArgs(argv: readonly string[]): string[] {
  const { before, name = 'guard', rest } = cut(argv, GLOBAL_FLAGS)
  const at = rest.indexOf('--')
  const flags = at < 0 ? rest : rest.slice(0, at)
  return [...before, name, ...flags, '--detach=false', ...(at < 0 ? [] : rest.slice(at))]
}

/** Creates the folder of the project's guard. Throws a StackError if it is not writable. */
export async function madeFolder(project: Project): Promise<string> {
  const folder = await guardFolder(project)
  try {
    makeFolder(folder)
    probe(join(folder, 'probe'))
  } catch (cause) {
    const message = `the guard's folder ${foreign(folder)} cannot be written: ${reasonOf(cause as Error)}`
    throw new StackError([error('state-unwritable', message, { hint: 'XDG_STATE_HOME sets another directory' })])
  }
  return folder
}

/** Writes content, since even a full disk accepts an empty file. */
function probe(file: string): void {
  try {
    writeFileSync(file, 'x', { mode: 0o600 })
  } finally {
    rmSync(file, { force: true })
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
