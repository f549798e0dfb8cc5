import { tarOf } from '../../archive/tar.ts'
import { EngineError, type FileCalls, type FileContent } from '../port.ts'
import { containerPath } from './containers.ts'
import type { Request } from './http/exchange.ts'
import type { Link } from './http/link.ts'
import { attended, requestDone, requestStream } from './http/request.ts'
import { firstFile } from './untar.ts'

export function fileCalls(link: Link): FileCalls {
  return {
    putFiles(id, directory, files) {
      const file = tarOf(files.map((each) => ({ ...each, type: 'file' })))
      const query = { path: directory }
      return requestDone(link, { method: 'PUT', path: containerPath(id, 'archive'), query, file, pace: 'slow' })
    },
    async readFile(id, path, { limit }, signal) {
      const request = { method: 'GET', path: containerPath(id, 'archive'), query: { path }, signal } as const
      const archive = await archiveOf(link, request)
      return archive && readBeginning(link, request, archive, limit)
    },
  }
}

/** Resolves to undefined if nothing exists at the path. */
export async function archiveOf(link: Link, request: Request): Promise<AsyncGenerator<Uint8Array> | undefined> {
  try {
    return attended(link, request, await requestStream(link, request), (chunks) => chunks)
  } catch (error) {
    if (error instanceof EngineError && isMissing(error)) return undefined
    throw error
  }
}

/**
 * The file is missing, not the container. Some engines report an internal error when a parent of the path is a file instead of a
 * folder.
 */
function isMissing({ status, message }: EngineError): boolean {
  if (status === 404) return !/no such container: /i.test(message)
  return status === 500 && /: not a directory$/i.test(message)
}

/** Closes the connection once the rest of the file is not needed. */
async function readBeginning(
  link: Link,
  request: Request,
  archive: AsyncGenerator<Uint8Array>,
  limit: number,
): Promise<FileContent | undefined> {
  try {
    return await firstFile(archive, limit)
  } catch (error) {
    throw link.failure(error, request.signal, request)
  } finally {
    await archive.return(undefined)
  }
}
