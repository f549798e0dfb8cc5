import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Journal } from '../backend/journal.ts'

/** Added to a grace period: the engine needs a moment to kill, and clocks are not exact. */
const MARGIN_MS = 2_000

/**
 * A journal in a small file of the user's state directory: container ids and the time until which each can still be stopping. It is
 * written before the engine is asked, so a killed command leaves it behind. Where it cannot be written, nothing is remembered.
 */
export function fileJournal(folder: string, project: string, wallTime: () => number): Journal {
  const name = createHash('sha256').update(project).digest('hex').slice(0, 16)
  const file = join(folder, 'stopping', `${name}.json`)
  const change = (edit: (entries: Map<string, number>) => void) => {
    const entries = readEntries(file)
    edit(entries)
    writeEntries(file, entries)
  }
  return {
    stopping: (container, graceMs) => change((entries) => entries.set(container, wallTime() + graceMs + MARGIN_MS)),
    stopped: (container) => change((entries) => entries.delete(container)),
    pending: () =>
      [...readEntries(file)].map(([container, until]) => ({ container, remainingMs: Math.max(0, until - wallTime()) })),
  }
}

function readEntries(file: string): Map<string, number> {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')))
    return new Map(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'))
  } catch {
    // Not there, or not readable: then there is nothing to wait for.
    return new Map()
  }
}

function writeEntries(file: string, entries: Map<string, number>): void {
  try {
    if (entries.size === 0) {
      rmSync(file, { force: true })
      return
    }
    mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 })
    writeFileSync(file, JSON.stringify(Object.fromEntries(entries)), { mode: 0o600 })
  } catch {
    // A read-only home: commands work without it.
  }
}
