import type { Engine } from '../port.ts'
import { jsonAnswer } from './answer.ts'
import { wholeBody } from './body.ts'
import { containerPath } from './containers.ts'
import type { Link } from './link.ts'
import { requestStream } from './request.ts'
import { each, fields, number, text } from './shape.ts'

/** ContainerWaitResponse of the Docker Engine API. */
interface Ended {
  StatusCode: number
  Error?: { Message?: string | null } | null
}

const ENDED = fields({ StatusCode: number, ...each('Error', fields(each('Message', text))) })
const LARGEST = 1024 * 1024

/** Resolves once the engine waits. */
export async function waitFor(
  link: Link,
  id: string,
  until: 'next-exit' | 'removed',
  signal: AbortSignal,
): ReturnType<Engine['waitContainer']> {
  const request = { method: 'POST', path: containerPath(id, 'wait'), query: { condition: until }, signal } as const
  const response = await requestStream(link, request)
  return {
    async exitCode() {
      try {
        const body = await wholeBody(response, LARGEST)
        const { StatusCode, Error: problem } = jsonAnswer(link, request, body, ENDED) as Ended
        if (problem?.Message) throw new Error(problem.Message)
        return StatusCode
      } catch (error) {
        throw link.failure(error, signal, request)
      }
    },
  }
}
