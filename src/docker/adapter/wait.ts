import { each, fields, number, text } from '../../util/shape.ts'
import type { Engine } from '../port.ts'
import { containerPath } from './containers.ts'
import { jsonAnswer } from './http/answer.ts'
import { wholeBody } from './http/body.ts'
import type { Link } from './http/link.ts'
import { requestStream } from './http/request.ts'

/** ContainerWaitResponse of the Docker Engine API. */
interface Ended {
  StatusCode: number
  Error?: { Message?: string | null } | null
}

const ENDED = fields({ StatusCode: number, ...each('Error', fields(each('Message', text))) })
const LARGEST = 1024 * 1024

/** Resolves once the engine has begun to wait. */
export async function waitFor(
  link: Link,
  id: string,
  until: 'next-exit' | 'removed',
  signal: AbortSignal,
): ReturnType<Engine['waitContainer']> {
  const request = { method: 'POST', path: containerPath(id, 'wait'), query: { condition: until }, signal } as const
  // Start reading now: if the connection broke before the caller asked for the exit code, the wait would never end.
  const body = wholeBody(await requestStream(link, request), LARGEST)
  body.catch(() => undefined)
  return {
    async exitCode() {
      try {
        const { StatusCode, Error: problem } = jsonAnswer(link, request, await body, ENDED) as Ended
        if (problem?.Message) throw new Error(problem.Message)
        return StatusCode
      } catch (error) {
        throw link.failure(error, signal, request)
      }
    },
  }
}
