import type { IncomingMessage } from 'node:http'
import type { Engine } from '../port.ts'
import { type Link, requestJson, requestStream } from './link.ts'
import { openStream } from './stream.ts'

export function attachCalls(link: Link): Pick<Engine, 'attachContainer' | 'resizeContainer' | 'waitContainer'> {
  const pathOf = (id: string, call: string) => `/containers/${encodeURIComponent(id)}/${call}`
  return {
    attachContainer(id, { stdin, tty }, signal) {
      const query = { stream: true, stdin, stdout: true, stderr: true }
      return openStream(link, { path: pathOf(id, 'attach'), query, tty }, signal)
    },
    async resizeContainer(id, { columns, rows }) {
      await requestJson(link, { method: 'POST', path: pathOf(id, 'resize'), query: { w: columns, h: rows } })
    },
    async waitContainer(id, until, signal) {
      const query = { condition: until }
      const response = await requestStream(link, { method: 'POST', path: pathOf(id, 'wait'), query, signal })
      response.on('error', () => undefined)
      return { exitCode: () => exitCodeIn(link, response, signal) }
    },
  }
}

/** ContainerWaitResponse of the Docker Engine API. */
interface Ended {
  StatusCode: number
  Error?: { Message?: string } | null
}

async function exitCodeIn(link: Link, response: IncomingMessage, signal: AbortSignal): Promise<number> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(Buffer.from(chunk))
    const { StatusCode, Error: problem } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Ended
    if (problem?.Message) throw new Error(problem.Message)
    return StatusCode
  } catch (error) {
    throw link.failure(error, signal)
  }
}
