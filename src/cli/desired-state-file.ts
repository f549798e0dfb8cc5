import { createHash } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts'
import { DiskError, MOST_BYTES, readBounded } from '../load/file/disk.ts'
import { NO_WILL, type ServiceWill, type Turn, type Want, type Will } from '../project/desired-state.ts'
import { makeFolder } from '../project/state-folder.ts'
import type { Context } from './context.ts'

/** Raised when a file of the form before cannot be understood any more. */
const VERSION = 1

/** What is wanted of a project, kept from one command to the next. Only who has the project's turn writes. */
export interface IntentStore {
  read(): Will
  write(will: Will): void
}

/** The folder in the user's state directory for one project on one engine; absolute, and not there until something is written. */
export async function guardFolder(context: Context): Promise<string> {
  const [project, engine] = await Promise.all([context.projectName(), context.host.engineKey?.() ?? ''])
  const name = createHash('sha256').update(`${engine}\0${project}`).digest('hex').slice(0, 16)
  return join(context.host.stateFolder, 'guard', name)
}

export async function intentsOf(context: Context): Promise<IntentStore> {
  const file = join(await guardFolder(context), 'intent.json')
  return fileIntents(file, (problem) => void context.warn([problem]))
}

/**
 * In a file of the user's own, written beside and renamed. One that cannot be understood is set aside, and nothing is known; where none
 * can be written, nothing is remembered.
 */
export function fileIntents(file: string, warn: (problem: Diagnostic) => void): IntentStore {
  return {
    read() {
      const text = textOf(file)
      if (text === undefined) return NO_WILL
      const will = parse(text)
      if (will) return will
      const aside = `${file}.broken`
      quietly(() => renameSync(file, aside))
      const hint = `it was set aside as ${aside}; the next up makes known again what is to run`
      warn(warning('file-unreadable', `${file}, which says what is meant to run, cannot be understood`, { hint }))
      return NO_WILL
    },
    write(will) {
      if (Object.keys(will.services).length === 0 && !will.turn) quietly(() => rmSync(file, { force: true }))
      else quietly(() => replace(file, `${JSON.stringify({ version: VERSION, ...will })}\n`))
    },
  }
}

/** Fields that are not known, those of other versions, are passed over; undefined for what is no such file. */
function parse(text: string): Will | undefined {
  const data = dataOf(text)
  if (!isRecord(data) || !isRecord(data.services)) return undefined
  const services = Object.entries(data.services).map(([name, value]) => [name, serviceWill(value)] as const)
  return { services: Object.fromEntries(services), ...turnIn(data.turn) }
}

function serviceWill(value: unknown): ServiceWill {
  if (!isRecord(value)) return {}
  const { all, count, apart } = value
  const single = isRecord(apart)
    ? Object.entries(apart).filter((entry): entry is [string, Want] => isWant(entry[1]))
    : []
  return {
    ...(isWant(all) && { all }),
    ...(isCount(count) && { count }),
    ...(single.length > 0 && { apart: Object.fromEntries(single) }),
  }
}

function turnIn(value: unknown): { turn?: Turn } {
  if (!isRecord(value) || typeof value.command !== 'string' || !Array.isArray(value.services)) return {}
  return { turn: { command: value.command, services: value.services.map(String) } }
}

function isWant(value: unknown): value is Want {
  return value === 'running' || value === 'stopped'
}

/** More is no count that this program wrote. */
const MOST_CONTAINERS = 10_000

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_CONTAINERS
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function dataOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Cut off, or not ours: told as a file that cannot be understood.
    return undefined
  }
}

function textOf(file: string): string | undefined {
  try {
    return readBounded(file, MOST_BYTES).toString('utf8')
  } catch (thrown) {
    // Not there, or not readable: then nothing is known. What never ends is no such file.
    return thrown instanceof DiskError && thrown.code === 'EFBIG' ? '' : undefined
  }
}

function replace(file: string, text: string): void {
  makeFolder(dirname(file))
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Commands work without a state directory. */
function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // Not writable, full, or gone meanwhile: then nothing is remembered.
  }
}
