import type { IncomingMessage } from 'node:http'
import { type Engine, EngineError, type FileContent } from '../port.ts'
import { type Link, requestStream } from './link.ts'
import { tarOf } from './tar.ts'
import { firstFile } from './untar.ts'

export function fileCalls(link: Link): Pick<Engine, 'putFiles' | 'readFile'> {
  const { docker, call } = link
  return {
    async putFiles(id, directory, files) {
      const archive = tarOf(files.map((file) => ({ ...file, type: 'file' })))
      await call(docker.getContainer(id).putArchive(archive, { path: directory }))
    },
    async readFile(id, path, { limit }, signal) {
      const response = await archiveOf(link, id, path, signal)
      return response && readBeginning(link, response, limit, signal)
    },
  }
}

async function archiveOf(
  link: Link,
  id: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<IncomingMessage | undefined> {
  const where = `/containers/${encodeURIComponent(id)}/archive`
  try {
    return await requestStream(link, { method: 'GET', path: where, query: { path }, signal })
  } catch (error) {
    const isMissing =
      error instanceof EngineError && error.status === 404 && !/no such container: /i.test(error.message)
    if (isMissing) return undefined
    throw error
  }
}

/** What is not wanted any more is not sent to its end. */
async function readBeginning(
  link: Link,
  response: IncomingMessage,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<FileContent | undefined> {
  try {
    return await firstFile(response, limit)
  } catch (error) {
    throw link.failure(error, signal)
  } finally {
    response.destroy()
  }
}
