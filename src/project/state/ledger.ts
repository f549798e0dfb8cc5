import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { MOST_BYTES, readBounded } from '../../load/file/disk.ts'
import { quietly } from '../../util/async.ts'
import { makeFolder, type OnFailure } from './state-folder.ts'

/** Whole numbers by key, kept in a file from one command to the next. */
export interface Ledger {
  /** On disk when it returns: a process that is killed right after leaves it behind. */
  set(key: string, value: number): void
  delete(key: string): void
  /** As the file has them now. */
  entries(): Map<string, number>
}

/**
 * A ledger in a file of the user's own that is only ever added to, a line a change, so that a change costs one small write however
 * much is in it. Once nothing is left the file is removed. Where it cannot be written, nothing is remembered, and `onFailure` gets the
 * error. Keys have no spaces.
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
      // Another engine's commands on a project of this name may have added to it.
      if (load().size === 0) known = replay(file)
    },
    entries() {
      known = replay(file)
      return new Map(known)
    },
  }
}

/** A key with a number is set, one without is deleted. What is no such line was not written by us, or not to its end. */
const LINE = /^(\S+)(?: (\d{1,15}))?$/
/** Lines of changes long past are dropped when there are more of them than this. */
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
    // Not there, or not readable: then nothing is known.
    return []
  }
}

/** Each line begins with its break: one that a kill cut off spoils no other. */
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
