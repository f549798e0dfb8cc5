import type { LogLine, Reader } from '../../backend/reader.ts'
import type { Position } from './position.ts'

/** How many lines from the end are looked through for some that were kept back. */
const REST = 100

/**
 * Gives the lines of a container's log that its position says were not given before, as they are written, until it ends. After a restart
 * the engine gives the whole log again: what was given before is left out by its time.
 */
export async function* containerLog(
  reader: Reader,
  id: string,
  { position, since }: { position: Position; since?: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  position.resume()
  const from = position.since ?? since
  const wanted = { follow: true, timestamps: true, ...(from !== undefined && { since: from }) }
  for await (const line of reader.logs(id, wanted, signal)) if (position.take(line)) yield line
  yield* heldBack(reader, id, { position, since }, signal)
}

/** While following, engines keep back a last line that has no newline; once the container has ended, they give it. */
async function* heldBack(
  reader: Reader,
  id: string,
  { position, since }: { position: Position; since?: string | undefined },
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const wanted = { follow: false, timestamps: true, tail: REST, ...(since !== undefined && { since }) }
  const last: LogLine[] = []
  for await (const line of reader.logs(id, wanted, signal)) last.push(line)
  for (const line of position.rest(last)) if (position.take(line)) yield line
}
