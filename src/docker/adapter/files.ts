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
    if (error instanceof EngineError && isMissing(error)) return undefined
    throw error
  }
}

/** The file, not the container. What should be a folder on the way to it and is a file is an inner failure to some engines. */
function isMissing({ status, message }: EngineError): boolean {
  if (status === 404) return !/no such container: /i.test(message)
  return status === 500 && /: not a directory$/i.test(message)
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
