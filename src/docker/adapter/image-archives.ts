import { Readable } from 'node:stream'
import { each, fields, text } from '../../util/shape.ts'
import { failedInside, type ImageArchiveCalls, type LoadedImages, type LoadOptions } from '../port.ts'
import { download } from './archives.ts'
import type { Request } from './http/exchange.ts'
import { jsonLines } from './http/json-lines.ts'
import type { Link } from './http/link.ts'
import { attended, requestStream } from './http/request.ts'

export function imageArchiveCalls(link: Link): ImageArchiveCalls {
  return {
    saveImages(references, signal) {
      const query = { names: [...references] }
      return download(link, { method: 'GET', path: '/images/get', query, signal, pace: 'slow' })
    },
    async loadImages(archive, options) {
      options.signal.throwIfAborted()
      const file = Readable.from(archive, { objectMode: false })
      const query = { quiet: true }
      const request = {
        method: 'POST',
        path: '/images/load',
        query,
        file,
        signal: options.signal,
        pace: 'slow',
      } as const
      // The engine may refuse before everything is sent.
      return await follow(link, request, options).finally(() => file.destroy())
    },
  }
}

interface Message {
  stream?: string
  error?: string
  errorDetail?: { message?: string }
}

const MESSAGE = fields({ ...each('stream error', text), ...each('errorDetail', fields(each('message', text))) })

async function follow(link: Link, request: Request, { onMessage }: LoadOptions): Promise<LoadedImages> {
  const loaded: LoadedImages = { ids: [], names: [] }
  const response = await requestStream(link, request)
  try {
    const read = (chunks: AsyncIterable<Uint8Array>) => jsonLines<Message>(chunks, MESSAGE)
    for await (const { error, errorDetail, stream = '' } of attended(link, request, response, read)) {
      if (error) throw failedInside(errorDetail?.message ?? error)
      for (const line of stream.split('\n').filter(Boolean)) {
        onMessage?.(line)
        note(line, loaded)
      }
    }
  } catch (error) {
    throw link.failure(error, request.signal, request)
  }
  return loaded
}

const MOST_IMAGES = 10_000

/** `Loaded image ID: sha256:…`, or `Loaded image: name:tag` (image/tarexport/load.go of moby/moby). */
function note(line: string, { ids, names }: LoadedImages): void {
  const [, label, value = ''] = /^Loaded image( ID)?: (\S+)$/.exec(line) ?? []
  const list = label === undefined ? names : ids
  if (value !== '' && list.length < MOST_IMAGES) list.push(value)
}
