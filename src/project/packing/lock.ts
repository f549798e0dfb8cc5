import { relative, sep } from 'node:path'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Lock } from '../../lockfile/model.ts'
import { lockText } from '../../lockfile/text.ts'
import { stackPlace } from '../../pack/bag/layout.ts'
import type { FileSource } from '../../pack/types.ts'
import type { Stack } from '../../stack/model.ts'
import { driftFrom } from '../locking/compare.ts'
import { lockOf, lockPath } from '../locking/lock-file.ts'
import { makeLock, NOT_THERE, usedImages } from '../locking/make-lock.ts'
import type { Project } from '../project.ts'
import { textSource } from './files.ts'

export interface LockRequest {
  /** Whether images are packed. */
  images: boolean
  /** Undefined: all services. */
  chosen: ReadonlySet<string> | undefined
  /** Flotilla's own. */
  version: string
}

/** The lock file goes in as it is, if it is true of what is packed; otherwise one that is made now. */
export async function lockFor(project: Project, loaded: Loaded, request: LockRequest): Promise<FileSource[]> {
  const old = await lockOf(project)
  if (!old) return [await newLock(project, loaded, request)]
  const packed = new Set(request.images ? imageKeys(loaded.stack, request.chosen) : [])
  const drift = (await driftFrom(project, loaded, old.lock, request.version)).filter(
    ({ path: [section, key = ''] }) => section !== 'images' || packed.has(key),
  )
  if (drift.length === 0) return []
  const hint = `${ownCommand('lock --check')} shows the differences, ${ownCommand('lock --update')} locks what is there`
  throw new StackError([error('pack-failed', 'the stack is not as its lock file says', { hint })])
}

function imageKeys(stack: Stack, chosen: ReadonlySet<string> | undefined): string[] {
  const services = Object.entries(stack.services).filter(([name]) => chosen?.has(name) ?? true)
  return usedImages({ ...stack, services: Object.fromEntries(services) }).map(({ key }) => key)
}

/** It lies where it is looked for: beside the first stack file. */
async function newLock(
  project: Project,
  loaded: Loaded,
  { images, chosen, version }: LockRequest,
): Promise<FileSource> {
  const lock = await makeLock(project, loaded, { version, mayLack: !images || chosen !== undefined })
  const path = relative(loaded.stack.origin.workingDir, await lockPath(project)).replaceAll(sep, '/')
  return textSource(stackPlace(path), lockText(withoutMissing(lock)))
}

/** No reader accepts an image without a content. */
function withoutMissing({ images, ...lock }: Lock): Lock {
  const there = Object.entries(images).filter(([, { content }]) => content !== NOT_THERE)
  return { ...lock, images: Object.fromEntries(there) }
}
