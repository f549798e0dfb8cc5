import type { UpIntent } from '../../backend/intent.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Loaded } from '../../load/loaded.ts'
import { type Difference, differences, factName } from '../../lockfile/differences.ts'
import { portableStack } from '../../lockfile/portable.ts'
import type { ReadLock } from '../../lockfile/read.ts'
import { canonicalJson } from '../../plan/fingerprint.ts'
import { selectedServices } from '../load/checked-stack.ts'
import type { Project } from '../project.ts'
import { hashedFiles } from './files.ts'
import { existingLock, lockOf } from './lock-file.ts'
import { usedImages } from './make-lock.ts'

/**
 * An `up` that only accepts what its lock file says. Throws a StackError with every difference of the stack and its files; images are
 * compared when the engine has been observed.
 */
export async function strictIntent(project: Project, loaded: Loaded, intent: UpIntent): Promise<UpIntent> {
  const read = await existingLock(project)
  const { lock } = read
  const { files } = await hashedFiles(loaded, project.signal)
  const now = { images: lock.images, stack: portableStack(loaded.stack, loaded.sensitive), files }
  const found = differences(lock, now)
  if (found.length > 0) throw new StackError(problemsFor(found, read, loaded))
  const images = pinned(loaded, intent, read)
  const missing = images.filter(({ content }) => content === undefined)
  if (missing.length > 0) throw new StackError(missing.map(({ reference }) => unlocked(reference)))
  return { ...intent, locked: { images: contentsOf(images), strict: true } }
}

/**
 * An `up` that finds images by their content where a lock file knows it: those with a digest in their name, which an engine forgets when it
 * loads an image from a file. Their name has one content only, so the lock file cannot be out of date.
 */
export async function offlineIntent(project: Project, declared: Selectable, intent: UpIntent): Promise<UpIntent> {
  if (intent.locked) return intent
  const read = await lockOf(project)
  const images = read ? pinned(declared, intent, read).filter(({ reference }) => reference.includes('@')) : []
  return images.length === 0 ? intent : { ...intent, locked: { images: contentsOf(images), strict: false } }
}

interface Pinned {
  reference: string
  content: string | undefined
}

type Selectable = Pick<Loaded, 'stack' | 'graph'>

function pinned({ stack, graph }: Selectable, intent: UpIntent, { lock }: ReadLock): Pinned[] {
  const selected = selectedServices({ graph }, intent)
  const services = Object.fromEntries(Object.entries(stack.services).filter(([name]) => selected.has(name)))
  return usedImages({ ...stack, services }).map(({ key, reference }) => ({
    reference,
    content: Object.hasOwn(lock.images, key) ? lock.images[key]?.content : undefined,
  }))
}

function contentsOf(images: readonly Pinned[]): Record<string, string> {
  return Object.fromEntries(images.flatMap(({ reference, content }) => (content ? [[reference, content]] : [])))
}

function unlocked(reference: string): Diagnostic {
  return error('lock-differs', `the lock file has no image ${foreign(reference)}`, {
    hint: `${ownCommand('lock --update')} locks it`,
  })
}

/** More are counted only. */
const MOST = 20

function problemsFor(found: readonly Difference[], read: ReadLock, loaded: Loaded): Diagnostic[] {
  const shown = found.slice(0, MOST).map((each) => problemFor(each, read, loaded))
  const rest = found.length - shown.length
  const more = rest > 0 ? [error('lock-differs', `${rest} more facts are not as locked`)] : []
  return [...shown, ...more].map((each, index, all) => (index < all.length - 1 ? each : withRemedy(each)))
}

function withRemedy(last: Diagnostic): Diagnostic {
  return {
    ...last,
    hint: `${ownCommand('lock --check')} shows all differences, ${ownCommand('lock --update')} accepts them`,
  }
}

function problemFor({ path, from, to }: Difference, read: ReadLock, { spanOf }: Loaded): Diagnostic {
  const name = foreign(factName(path))
  const inStack = path[0] === 'files' || to === undefined ? undefined : spanOf(path.join('.'))
  const inLock = from === undefined ? undefined : read.spanOf(path)
  const message =
    from === undefined
      ? `${name} is not in the lock file`
      : to === undefined
        ? `${name} is locked, but no longer there`
        : path[0] === 'files'
          ? `${name} is not the file that was locked: its content differs`
          : `${name} is ${shown(to)}, but locked as ${shown(from)}`
  const at = inStack ?? inLock
  const related = inStack && inLock ? [{ message: 'locked here', at: inLock }] : []
  return error('lock-differs', message, { at, related })
}

function shown(value: unknown): string {
  const text = canonicalJson(value)
  return foreign(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}

const LONGEST = 100
