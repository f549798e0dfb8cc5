import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { DiskError, MOST_BYTES, readBounded } from '../../load/file/disk.ts'
import { quietly } from '../../util/async.ts'
import { isMapping } from '../../util/object.ts'
import { parsedJson } from '../../util/text.ts'
import {
  type Desired,
  type DesiredService,
  type DesiredState,
  type InProgress,
  NOTHING_DESIRED,
} from './desired-state.ts'
import { makeFolder, type OnFailure } from './state-folder.ts'

/** Version 1 named `overrides` `apart`, and `inProgress` `turn`; both versions are read. */
const VERSION = 2

/** A project's desired state, stored between commands. Written only while the project's lock is held. */
export interface DesiredStateStore {
  read(): DesiredState
  write(desired: DesiredState): void
}

/**
 * Stores it in a file that belongs to the user, replaced atomically. An invalid file is moved away and counts as empty. If the file
 * cannot be written, nothing is stored, and `onFailure` gets the error.
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
      const hint = `it was renamed to ${aside}; the next ${ownCommand('up')} records again what should run`
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

/** Ignores unknown fields, which other versions write; undefined for text that is not such a file. */
function parse(text: string): DesiredState | undefined {
  const data = parsedJson(text)
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

/** This program never writes higher counts. */
const MOST_CONTAINERS = 10_000

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_CONTAINERS
}

function textOf(file: string): string | undefined {
  try {
    return readBounded(file, MOST_BYTES).toString('utf8')
  } catch (thrown) {
    // Missing or unreadable: nothing is known. A file that never ends is not ours.
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
