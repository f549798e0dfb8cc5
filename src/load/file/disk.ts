import { closeSync, constants, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'

export type FileKind = 'file' | 'directory' | 'missing' | 'other'

/** The file system for loading. Paths are absolute. Only `realDisk` accesses the real one. */
export interface Disk {
  /** Throws a DiskError. */
  readFile(path: string): Uint8Array
  /** Follows symbolic links; `other` is a pipe, socket or device; `missing` includes inaccessible files. */
  kind(path: string): FileKind
  /** Names in a directory, sorted; empty if it cannot be listed. */
  list(path: string): string[]
}

/** Why a file could not be read; `code` is Node's: ENOENT, EACCES, EISDIR, … */
export class DiskError extends Error {
  override readonly name = 'DiskError'
  readonly code: string
  constructor(code: string, path: string, options?: ErrorOptions) {
    super(`${code}: ${path}`, options)
    this.code = code
  }
}

/** Undefined for an unreadable file: its error is reported where it is used. */
export function readQuietly(disk: Disk, path: string): Uint8Array | undefined {
  try {
    return disk.readFile(path)
  } catch (cause) {
    if (cause instanceof DiskError) return undefined
    throw cause
  }
}

/** Whether the file's permissions let every user of this machine read it. */
export function isOpenToAll(path: string): boolean {
  const OTHERS_READ = 0o004
  try {
    return (statSync(path).mode & OTHERS_READ) !== 0
  } catch {
    return true
  }
}

/** A directory's path with symbolic links resolved; undefined if it does not exist. */
export function realDirectory(path: string): string | undefined {
  try {
    return path !== '' && statSync(path).isDirectory() ? realpathSync(path) : undefined
  } catch {
    return undefined
  }
}

/**
 * The real file system. A pipe can be read only once: the same object returns its bytes, or its failure, every time. Everything that
 * reads a project's files shares one.
 */
export function realDisk(): Disk {
  const streams = new Map<string, () => Uint8Array>()
  const readFile = (path: string) => {
    const known = streams.get(path)
    if (known) return known()
    if (kindOfReal(path) !== 'other') return readReal(path)
    const outcome = outcomeOf(() => readReal(path))
    streams.set(path, outcome)
    return outcome()
  }
  return { readFile, kind: kindOfReal, list: listReal }
}

/** Does something once; the result repeats what came of it. */
function outcomeOf<T>(work: () => T): () => T {
  try {
    const value = work()
    return () => value
  } catch (thrown) {
    return () => {
      throw thrown
    }
  }
}

/** Limit in bytes for any file that is read whole. Stack files have a lower one (yaml/parse.ts). */
export const MOST_BYTES = 32 * 1024 * 1024

function readReal(path: string): Uint8Array {
  return readBounded(path, MOST_BYTES)
}

/** Reads a file, pipe or device of at most `most` bytes. Throws a DiskError; its code is EFBIG for a larger one. */
export function readBounded(path: string, most: number): Buffer {
  try {
    const stats = statSync(path)
    if (!stats.isFile()) return readStream(path, most)
    if (stats.size > most) throw new DiskError('EFBIG', path)
    // Files in /proc report size 0.
    return stats.size === 0 ? readStream(path, most) : readFileSync(path)
  } catch (cause) {
    throw cause instanceof DiskError ? cause : new DiskError(codeOf(cause), path, { cause })
  }
}

/** How long a pipe may be silent, in milliseconds. A plain read would block forever, and no signal could interrupt it. */
const SILENCE = 10_000
const PAUSE = 10

function readStream(path: string, most: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // An unnamed pipe, such as a shell's `<(command)`, has its writer from the start. Anything other than a pipe needs no writer.
  const begun = /^\/(dev|proc\/self)\/fd\//.test(path) || !statSync(path).isFIFO()
  try {
    return readToEnd(file, { path, most, begun })
  } finally {
    closeSync(file)
  }
}

function readToEnd(file: number, { path, most, begun }: { path: string; most: number; begun: boolean }): Buffer {
  const chunks: Buffer[] = []
  let size = 0
  for (let silent = 0; silent < SILENCE; ) {
    const chunk = readSome(file)
    if (chunk?.length) chunks.push(chunk)
    size += chunk?.length ?? 0
    if (size > most) throw new DiskError('EFBIG', path)
    if (chunk?.length === 0 && (begun || chunks.length > 0)) return Buffer.concat(chunks)
    if (chunk?.length) silent = 0
    else silent += pause()
  }
  throw new DiskError('ETIMEDOUT', path)
}

/** Undefined while the writer is silent; empty at the end or without a writer. */
function readSome(file: number): Buffer | undefined {
  const chunk = Buffer.alloc(1 << 16)
  try {
    return chunk.subarray(0, readSync(file, chunk))
  } catch (thrown) {
    if (codeOf(thrown) === 'EAGAIN') return undefined
    throw thrown
  }
}

function pause(): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)
  return PAUSE
}

function kindOfReal(path: string): FileKind {
  try {
    const stats = statSync(path)
    return stats.isFile() ? 'file' : stats.isDirectory() ? 'directory' : 'other'
  } catch {
    return 'missing'
  }
}

function listReal(path: string): string[] {
  try {
    return readdirSync(path).sort()
  } catch {
    return []
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'UNKNOWN'
}
