import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import { DiskError, MOST_BYTES, readBounded } from '../../load/file/disk.ts'
import { quietly } from '../../util/async.ts'
import { isMapping } from '../../util/object.ts'
import {
  type Desired,
  type DesiredService,
  type DesiredState,
  type InProgress,
  NOTHING_DESIRED,
} from './desired-state.ts'
import { makeFolder, type OnFailure } from './state-folder.ts'

/** Version 1 called `overrides` `apart`, and `inProgress` `turn`; both are read. */
const VERSION = 2

/** The desired state of a project, kept from one command to the next. Written only while holding the project's lock. */
export interface DesiredStateStore {
  read(): DesiredState
  write(desired: DesiredState): void
}

/**
 * In a file of the user's own, written beside and renamed. One that cannot be understood is set aside, and nothing is known; where none
 * can be written, nothing is remembered, and `onFailure` gets the error.
 */
export function desiredStateFile(
  file: string,
  warn: (problem: Diagnostic) => void,
  onFailure: OnFailure = () => undefined,
): DesiredStateStore {
  return {
    read() {
      const text = textOf(file)
      if (text === undefined) return NOTHING_DESIRED
      const desired = parse(text)
      if (desired) return desired
      const aside = `${file}.broken`
      quietly(() => renameSync(file, aside))
      const hint = `it was renamed to ${aside}; the next flotilla up records again what should run`
      warn(warning('file-unreadable', `${file}, which records what should run, cannot be parsed`, { hint }))
      return NOTHING_DESIRED
    },
    write(desired) {
      if (Object.keys(desired.services).length === 0 && !desired.inProgress)
        quietly(() => rmSync(file, { force: true }), onFailure)
      else quietly(() => replace(file, `${JSON.stringify({ version: VERSION, ...desired })}\n`), onFailure)
    },
  }
}

/** Fields that are not known, those of other versions, are passed over; undefined for what is no such file. */
function parse(text: string): DesiredState | undefined {
  const data = dataOf(text)
  if (!isMapping(data) || !isMapping(data.services)) return undefined
  const services = Object.entries(data.services).map(([name, value]) => [name, desiredService(value)] as const)
  return { services: Object.fromEntries(services), ...inProgressIn(data.inProgress ?? data.turn) }
}

function desiredService(value: unknown): DesiredService {
  if (!isMapping(value)) return {}
  const { all, count } = value
  const given = value.overrides ?? value.apart
  const overrides = isMapping(given)
    ? Object.entries(given).filter((entry): entry is [string, Desired] => isDesiredWord(entry[1]))
    : []
  return {
    ...(isDesiredWord(all) && { all }),
    ...(isCount(count) && { count }),
    ...(overrides.length > 0 && { overrides: Object.fromEntries(overrides) }),
  }
}

function inProgressIn(value: unknown): { inProgress?: InProgress } {
  if (!isMapping(value) || typeof value.command !== 'string' || !Array.isArray(value.services)) return {}
  return { inProgress: { command: value.command, services: value.services.map(String) } }
}

function isDesiredWord(value: unknown): value is Desired {
  return value === 'running' || value === 'stopped'
}

/** More is no count that this program wrote. */
const MOST_CONTAINERS = 10_000

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_CONTAINERS
}

function dataOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Cut off, or not ours: reported as a file that cannot be understood.
    return undefined
  }
}

function textOf(file: string): string | undefined {
  try {
    return readBounded(file, MOST_BYTES).toString('utf8')
  } catch (thrown) {
    // Not there, or not readable: then nothing is known. A file that never ends is not ours.
    return thrown instanceof DiskError && thrown.code === 'EFBIG' ? '' : undefined
  }
}

function replace(file: string, text: string): void {
  makeFolder(dirname(file))
  const beside = `${file}.new`
  try {
    writeFileSync(beside, text, { mode: 0o600 })
    renameSync(beside, file)
  } catch (thrown) {
    quietly(() => rmSync(beside, { force: true }))
    throw thrown
  }
}
