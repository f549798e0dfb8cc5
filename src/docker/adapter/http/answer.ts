import type { Shape } from '../../../util/shape.ts'
import { EngineError } from '../../port.ts'
import { CutError, TooLargeError } from './body.ts'
import type { Asked, Link } from './link.ts'
import { objectsIn } from './object-count.ts'
import { NO_ENGINE, strangeBody } from './refusal.ts'

const OK = 200
const LONGEST_QUOTED = 1000
/** Ten times as many as in a list of ten thousand containers. */
const MOST_OBJECTS = 4_000_000

/** Parses a JSON answer and checks its shape. */
export function jsonAnswer(link: Link, request: Asked, body: Buffer, shape: Shape): unknown {
  if (objectsIn(body, MOST_OBJECTS) > MOST_OBJECTS) throw new TooLargeError('the answer holds too many objects')
  const text = body.toString('utf8')
  const json = parsed(text)
  if (json === undefined) throw isCut(text) ? new CutError(body.length) : foreign(link, request, text)
  const misfit = shape(json.value)
  if (!misfit) return json.value
  const { path, words } = misfit
  throw strange(link, request, path ? `in the answer, ${path} is ${words}` : `the answer is ${words}`)
}

/** Checks an answer that only confirms success: its body is empty, or has arbitrary content that an engine may add. */
export function plainAnswer(link: Link, request: Asked, body: Buffer): void {
  const text = body.subarray(0, LONGEST_QUOTED).toString('utf8')
  if (/^\s*</.test(text)) throw foreign(link, request, text)
}

/** An unreadable answer to a write leaves its effect unknown. */
export function strange(link: Link, request: Asked, words: string): EngineError {
  const status = request.method === 'GET' ? OK : undefined
  return new EngineError(`${link.asked(request)}: ${words}`, status, { hint: NO_ENGINE })
}

function foreign(link: Link, request: Asked, text: string): EngineError {
  const words = text === '' ? 'empty' : `${strangeBody(text.slice(0, LONGEST_QUOTED))}, not JSON`
  return strange(link, request, `the answer is ${words}`)
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** Whether the text is JSON that breaks off. */
function isCut(text: string): boolean {
  return (/^\s*\[/.test(text) && !/\]\s*$/.test(text)) || (/^\s*\{/.test(text) && !/\}\s*$/.test(text))
}
