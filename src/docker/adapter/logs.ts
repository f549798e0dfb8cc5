import type { IncomingMessage } from 'node:http'
import type { Engine, EngineLogLine, EngineLogOptions } from '../port.ts'
import { multiplexed, raw } from './frames.ts'
import { aborting, type Link, requestStream } from './link.ts'
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
  const path = `/containers/${encodeURIComponent(id)}/logs`
  const response = await requestStream(link, { method: 'GET', path, query: queryOf(options), signal })
  try {
    const frames = (await isTerminal(link, id, response, signal)) ? raw(response) : multiplexed(response)
    yield* logLines(frames, options.timestamps)
    signal.throwIfAborted()
  } catch (error) {
    throw link.failure(error, signal)
  } finally {
    response.destroy()
  }
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

/** The engine takes seconds with up to nine decimals; RFC 3339 is for the command line. */
export function unixTime(time: string): string {
  if (/^\d+(\.\d+)?$/.test(time)) return time
  const decimals = time.match(/:\d\d\.(\d+)/)?.[1] ?? '0'
  return `${Math.floor(Date.parse(time) / 1000)}.${decimals.padEnd(9, '0').slice(0, 9)}`
}

/** Engines from API 1.42 on say it in the answer, older ones only in the container's configuration. */
async function isTerminal(link: Link, id: string, response: IncomingMessage, signal: AbortSignal): Promise<boolean> {
  const type = response.headers['content-type'] ?? ''
  if (type.includes('multiplexed-stream')) return false
  const info = await link.call(link.docker.getContainer(id).inspect(aborting(signal)), signal)
  return info.Config.Tty
}
