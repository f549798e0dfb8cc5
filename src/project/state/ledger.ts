import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { MOST_BYTES, readBounded } from '../../load/file/disk.ts'
import { quietly } from '../../util/async.ts'
import { makeFolder, type OnFailure } from './state-folder.ts'

/** Integers by key, stored in a file between commands. */
export interface Ledger {
  /** The value is on disk when it returns: it survives a kill immediately afterwards. */
  set(key: string, value: number): void
  delete(key: string): void
  /** The current entries of the file. */
  entries(): Map<string, number>
}

/**
 * A ledger in an append-only file that belongs to the user: one line per change, so that each change costs a small write regardless
 * of the file's size. The file is removed once the ledger is empty. If it cannot be written, nothing is stored, and `onFailure` gets
 * the error. Keys contain no spaces.
 */
export function fileLedger(file: string, onFailure: OnFailure = ignored): Ledger {
  let known: Map<string, number> | undefined
  const load = () => {
    known ??= replay(file)
    return known
  }
  return {
    set(key, value) {
      load().set(key, value)
      append(file, `${key} ${value}`, onFailure)
    },
    delete(key) {
      if (!load().delete(key)) return
      append(file, key, onFailure)
      // Commands for another engine, with a project of the same name, may have appended entries.
      if (load().size === 0) known = replay(file)
    },
    entries() {
      known = replay(file)
      return new Map(known)
    },
  }
}

/** A key with a number sets it, a key alone deletes it. Any other line is foreign or truncated. */
const LINE = /^(\S+)(?: (\d{1,15}))?$/
/** The file is compacted once it has more obsolete lines than this. */
const STALE_LINES = 2_000

function replay(file: string): Map<string, number> {
  const entries = new Map<string, number>()
  const lines = linesOf(file)
  for (const line of lines) {
    const [, key = '', value] = LINE.exec(line) ?? []
    if (value === undefined) entries.delete(key)
    else entries.set(key, Number(value))
  }
  if (lines.length > 0 && entries.size === 0) quietly(() => rmSync(file, { force: true }), ignored)
  if (lines.length > STALE_LINES && lines.length > 2 * entries.size) rewrite(file, entries)
  return entries
}

function linesOf(file: string): string[] {
  try {
    return readBounded(file, MOST_BYTES).toString('utf8').split('\n')
  } catch {
    // Missing or unreadable: nothing is known.
    return []
  }
}

/** Each line starts with its line break, so that a line truncated by a kill does not corrupt the next one. */
function append(file: string, line: string, onFailure: OnFailure): void {
  const write = () => appendFileSync(file, `\n${line}`, { mode: 0o600 })
  if (quietly(write, ignored)) return
  if (quietly(() => makeFolder(dirname(file)), onFailure)) quietly(write, onFailure)
}

function rewrite(file: string, entries: Map<string, number>): void {
  const lines = [...entries].map(([key, value]) => `\n${key} ${value}`)
  quietly(() => {
    writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }, ignored)
}

function ignored(): void {}
