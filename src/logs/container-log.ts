import type { LogLine, LogOptions } from '../backend/read/logs.ts'
import type { Reader } from '../backend/reader.ts'
import type { LogCursor } from './cursor.ts'

/** How many lines from the end are looked through for some that were kept back. */
const REST = 100

export interface Reading {
  /** How far the log has been printed. */
  position: LogCursor
  /** From when on it is wanted where nothing of it has been printed. */
  since?: string | undefined
}

/**
 * Gives the lines of a container's log that its position says were not given before, as they are written, until it ends. After a restart
 * the engine gives the whole log again: what was given before is left out by its time.
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

/** What was not given before, from where printing has got to. */
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
 * While following, engines keep back a last line that has no newline, and whoever reads slowly may not be given all that a container wrote
 * before it ended. Asked without following, they give everything.
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
