import type { Replica } from '../backend/read/containers.ts'
import type { LogLine } from '../backend/read/logs.ts'
import type { Reader } from '../backend/reader.ts'
import { BackendError } from '../diagnostics/backend-error.ts'
import { LogCursor } from './cursor.ts'
import { mergeByTime } from './merge.ts'

/** Selects part of a log. */
export interface LogRange {
  tail?: number
  since?: string
  until?: string
}

/**
 * Prints the logs so far, merged by time.
 * @returns by id, the position up to which each container's log was printed: following continues there
 */
export async function printBacklog(
  reader: Reader,
  replicas: readonly Replica[],
  { range, print }: { range: LogRange; print(replica: Replica, line: LogLine): void },
  signal: AbortSignal,
): Promise<Map<string, LogCursor>> {
  const positions = new Map(replicas.map(({ id }) => [id, new LogCursor()]))
  const streams = replicas.map((replica) => linesOf(reader, replica, range, signal))
  for await (const { replica, line, shown } of mergeByTime(streams)) {
    positions.get(replica.id)?.take(line)
    if (shown) print(replica, line)
  }
  for (const position of positions.values()) position.level()
  return positions
}

/** Even if no line is requested, reads the last one for its time. */
async function* linesOf(reader: Reader, replica: Replica, part: LogRange, signal: AbortSignal) {
  const shown = part.tail !== 0
  const options = { follow: false, timestamps: true, ...part, ...(!shown && { tail: 1 }) }
  for await (const line of readable(reader.logs(replica.id, options, signal), signal))
    yield { replica, line, shown, ...(line.time !== undefined && { time: line.time }) }
}

/** A log that cannot be read, because its driver stores none or its container is gone, counts as empty. */
async function* readable(lines: AsyncIterable<LogLine>, signal: AbortSignal): AsyncGenerator<LogLine> {
  try {
    yield* lines
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof BackendError && thrown.isRefusal)) throw thrown
  }
}
