import type { LogLine, LogOptions } from '../backend/read/logs.ts'
import type { Reader } from '../backend/reader.ts'
import type { LogCursor } from './cursor.ts'

/** Number of last lines that are searched for lines that were withheld. */
const REST = 100

export interface Reading {
  /** The position up to which the log was printed. */
  position: LogCursor
  /** Where to start if nothing was printed yet. */
  since?: string | undefined
}

/**
 * Yields the lines of a container's log after its position, as they are written, until it ends. After a restart, the engine returns
 * the whole log again: lines up to the position are skipped by their times.
 */
export async function* containerLog(
  reader: Reader,
  id: string,
  reading: Reading,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  yield* goingOn(reader, id, { ...reading, follow: true }, signal)
  yield* heldBack(reader, id, reading, signal)
}

/** The lines after the printed ones. */
async function* goingOn(
  reader: Reader,
  id: string,
  { position, since, follow }: Reading & Pick<LogOptions, 'follow'>,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  position.resume({ follow })
  for await (const line of reader.logs(id, wanted(follow, position.since ?? since), signal)) {
    const fresh = position.take(line)
    if (fresh) yield fresh
  }
}

/**
 * The lines that following missed: engines withhold a last line without newline, and a slow reader may miss the last output before
 * an end. Without following, they return everything.
 */
async function* heldBack(reader: Reader, id: string, reading: Reading, signal: AbortSignal): AsyncGenerator<LogLine> {
  const { position, since } = reading
  const last: LogLine[] = []
  for await (const line of reader.logs(id, { ...wanted(false, since), tail: REST }, signal)) last.push(line)
  if (position.isReachedBy(last)) yield* position.rest(last)
  else if (last.length > 0) yield* goingOn(reader, id, { ...reading, follow: false }, signal)
}

function wanted(follow: boolean, since: string | undefined): LogOptions {
  return { follow, timestamps: true, ...(since !== undefined && { since }) }
}
