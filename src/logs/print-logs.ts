import type { Replica } from '../backend/read/containers.ts'
import type { LogLine } from '../backend/read/logs.ts'
import type { Reader } from '../backend/reader.ts'
import { type LogRange, printBacklog } from './backlog.ts'
import type { LogCursor } from './cursor.ts'
import { follow } from './follow.ts'
import type { FollowOptions, ReplicaRef, Start } from './follow-options.ts'

export interface LogsRequest extends Omit<FollowOptions, 'from' | 'isNews' | 'changes' | 'upcoming'> {
  /** The containers whose log so far is printed. */
  replicas: readonly Replica[]
  range: LogRange
  /** Whether to continue with new lines; a range with an end is never continued. */
  continues: boolean
}

/**
 * Passes on the logs so far, merged by time, and then new lines, across restarts, until no container runs or the signal aborts. Each
 * line is passed on once.
 */
export async function printLogs(reader: Reader, request: LogsRequest, signal: AbortSignal): Promise<void> {
  const { replicas, range, continues, ...whose } = request
  const print = (replica: ReplicaRef, line: LogLine) => whose.onLine(replica, line)
  const printed = await printBacklog(reader, replicas, { range, print }, signal)
  if (!continues || range.until !== undefined) return
  const from = ({ id }: ReplicaRef) => startOf(printed.get(id), range)
  await follow(reader, { ...whose, from }, signal)
}

/** Following continues after the last printed line; logs of new containers are shown from their start. */
function startOf(position: LogCursor | undefined, { since }: LogRange): Start {
  if (position) return { position }
  return since === undefined ? {} : { since }
}
