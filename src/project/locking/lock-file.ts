import { basename, dirname, join } from 'node:path'
import { StackError, unwrap } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { readText } from '../../load/file/read.ts'
import { type ReadLock, readLock } from '../../lockfile/read.ts'
import type { Project } from '../project.ts'

const LOCK_FILE = 'stack.lock.yaml'

/** The path of a stack's lock file: beside its first file. */
export async function lockPath(project: Project): Promise<string> {
  const { input, directory } = await project.files()
  const [first = '-'] = input.files
  return join(first === '-' ? directory : dirname(first), LOCK_FILE)
}

/** A project's lock; undefined if it has none. Throws a StackError for one that cannot be used. */
export async function lockOf(project: Project): Promise<ReadLock | undefined> {
  const path = await lockPath(project)
  return project.disk.kind(path) === 'missing' ? undefined : lockIn(project, path)
}

/** The same, but throws a StackError if there is none. */
export async function existingLock(project: Project): Promise<ReadLock> {
  const lock = await lockOf(project)
  if (lock) return lock
  const path = await lockPath(project)
  const message = `there is no ${basename(path)} beside the stack file`
  throw new StackError([error('lock-missing', message, { hint: `${ownCommand('lock')} writes it` })])
}

/** Any lock file. @param path absolute */
export function lockIn({ disk }: Pick<Project, 'disk'>, path: string): ReadLock {
  return unwrap(readLock(unwrap(readText(disk, path)), path))
}
