import type { IncomingMessage } from 'node:http'
import type { Engine, EngineLogLine, EngineLogOptions } from '../port.ts'
import { containerPath, inspect } from './containers.ts'
import { multiplexed, raw } from './frames.ts'
import type { Request } from './http/exchange.ts'
import type { Link } from './http/link.ts'
import { attended, requestStream } from './http/request.ts'
import { logLines } from './log-lines.ts'

export function logCalls(link: Link): Pick<Engine, 'logs'> {
  return { logs: (id, options, signal) => readLogs(link, id, options, signal) }
}

async function* readLogs(
  link: Link,
  id: string,
  options: EngineLogOptions,
  signal: AbortSignal,
): AsyncGenerator<EngineLogLine> {
  const request = logsRequest(id, options, signal)
  const response = await requestStream(link, request)
  try {
    const isTty = await isTerminal(link, id, response, signal)
    // A followed log may be silent indefinitely.
    const read = (chunks: AsyncIterable<Uint8Array>) =>
      logLines(isTty ? raw(chunks) : multiplexed(chunks), options.timestamps)
    yield* options.follow ? read(response) : attended(link, request, response, read)
    signal.throwIfAborted()
  } catch (error) {
    throw link.failure(error, signal, request)
  } finally {
    response.destroy()
  }
}

/** Engines up to version 25 send no response head before the first line; newer ones may search a long log for the first matching line. */
function logsRequest(id: string, options: EngineLogOptions, signal: AbortSignal): Request {
  return { method: 'GET', path: containerPath(id, 'logs'), query: queryOf(options), signal, pace: 'slow' }
}

function queryOf(options: EngineLogOptions) {
  return {
    stdout: true,
    stderr: true,
    follow: options.follow,
    timestamps: options.timestamps,
    tail: options.tail ?? 'all',
    since: options.since && unixTime(options.since),
    until: options.until && unixTime(options.until),
  }
}

/** The engine expects seconds with up to nine decimals; RFC 3339 is the command line's format. */
export function unixTime(time: string): string {
  if (/^\d+(\.\d+)?$/.test(time)) return time
  const decimals = time.match(/:\d\d\.(\d+)/)?.[1] ?? '0'
  return `${Math.floor(Date.parse(time) / 1000)}.${decimals.padEnd(9, '0').slice(0, 9)}`
}

/** From API 1.42 on, the answer says so; for older engines, only the container's configuration does. */
async function isTerminal(link: Link, id: string, response: IncomingMessage, signal: AbortSignal): Promise<boolean> {
  const type = response.headers['content-type'] ?? ''
  if (type.includes('multiplexed-stream')) return false
  return (await inspect(link, id, signal)).Config.Tty === true
}
