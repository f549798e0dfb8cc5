import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { fields, number, text } from '../../util/shape.ts'
import { parsedJson } from '../../util/text.ts'
import type { ArchiveCalls, EngineError, PathStat } from '../port.ts'
import { containerPath } from './containers.ts'
import { archiveOf } from './files.ts'
import { strange } from './http/answer.ts'
import { type Request, send } from './http/exchange.ts'
import type { Link } from './http/link.ts'
import { attended, requestDone, requestStream } from './http/request.ts'

export function archiveCalls(link: Link): ArchiveCalls {
  return {
    statPath: (id, path, signal) => statPath(link, id, path, signal),
    getArchive(id, path, signal) {
      return download(link, {
        method: 'GET',
        path: containerPath(id, 'archive'),
        query: { path },
        signal,
        pace: 'slow',
      })
    },
    exportContainer(id, signal) {
      return download(link, { method: 'GET', path: containerPath(id, 'export'), signal, pace: 'slow' })
    },
    async putArchive(id, directory, archive, { asUser }, signal) {
      const file = Readable.from(archive, { objectMode: false })
      const query = { path: directory, noOverwriteDirNonDir: true, ...(asUser && { copyUIDGID: true }) }
      const request = { method: 'PUT', path: containerPath(id, 'archive'), query, file, signal, pace: 'slow' } as const
      // The engine may refuse before everything is sent.
      await requestDone(link, request).finally(() => file.destroy())
    },
  }
}

/** Content types of tar archives, and of whole file systems. */
const ARCHIVES = new Set(['application/x-tar', 'application/octet-stream'])

/** Resolves once the archive begins. */
export async function download(link: Link, request: Request): Promise<AsyncIterable<Uint8Array>> {
  const response = await requestStream(link, request)
  if (!ARCHIVES.has(response.headers['content-type'] ?? '')) {
    response.destroy()
    throw strange(link, request, 'the answer is not an archive')
  }
  return withFailures(
    link,
    request,
    attended(link, request, response, (chunks) => chunks),
  )
}

async function* withFailures(
  link: Link,
  request: Request,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    throw link.failure(error, request.signal, request)
  }
}

const STAT_HEADER = 'x-docker-container-path-stat'
/** Go's `fs.FileMode`: https://pkg.go.dev/io/fs#FileMode. */
const DIRECTORY = 2 ** 31
const SYMLINK = 2 ** 27

/** The answer to HEAD has no body: its version header shows that it comes from an engine. */
async function statPath(link: Link, id: string, path: string, signal: AbortSignal): Promise<PathStat | undefined> {
  const request = { method: 'HEAD', path: containerPath(id, 'archive'), query: { path }, signal } as const
  const response = (await link.call(send(link, request), signal, request)) as IncomingMessage
  try {
    const { statusCode: status = 0, headers } = response
    if (status === 404 && 'api-version' in headers) return undefined
    if (status !== 200) return await missing(link, { ...request, method: 'GET' })
    return decoded(headers[STAT_HEADER]) ?? thrown(strange(link, request, 'the answer does not describe a path'))
  } finally {
    response.destroy()
  }
}

/** A GET says why the path is missing. Some engines report an internal error when a parent of the path is a file instead of a folder. */
async function missing(link: Link, request: Request): Promise<undefined> {
  const archive = await archiveOf(link, request)
  if (!archive) return undefined
  await archive.return(undefined)
  throw strange(link, request, 'the answer does not describe a path')
}

function thrown(error: EngineError): never {
  throw error
}

const STAT = fields({ name: text, size: number, mode: number, linkTarget: text })

function decoded(header: string | string[] | undefined): PathStat | undefined {
  const stat = parsedJson(Buffer.from(String(header ?? ''), 'base64').toString('utf8'))
  if (STAT(stat)) return undefined
  const { name, size, mode, linkTarget } = stat as { name: string; size: number; mode: number; linkTarget: string }
  const has = (bit: number) => Math.floor(mode / bit) % 2 === 1
  const type = has(DIRECTORY) ? 'directory' : has(SYMLINK) ? 'symlink' : 'other'
  return { name, size, type, ...(linkTarget !== '' && { linkTarget }) }
}
