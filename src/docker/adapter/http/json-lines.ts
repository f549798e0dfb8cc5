import { StringDecoder } from 'node:string_decoder'
import { anything, type Shape } from '../../../util/shape.ts'
import { CutError, StrangeError } from './body.ts'
import { objectsIn } from './object-count.ts'
import { strangeBody } from './refusal.ts'

/** Far above a builder's trace, which takes a few hundred kilobytes. */
const LONGEST_LINE = 16 * 1024 * 1024
/** Far above a line of progress, which holds a dozen; each object takes many times its two bytes in memory. */
const MOST_OBJECTS = 100_000

/** Yields the lines of a body as they arrive, without line ends; skips empty lines. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest: string[] = []
  let length = 0
  for await (const chunk of chunks) {
    const [first = '', ...more] = decoder.write(Buffer.from(chunk)).split('\n')
    rest.push(first)
    length += first.length
    if (length > LONGEST_LINE) throw new StrangeError('a line of the answer is too long')
    const last = more.pop()
    if (last === undefined) continue
    yield* [rest.join(''), ...more].map((line) => line.trimEnd()).filter(Boolean)
    rest = [last]
    length = last.length
  }
  const left = rest.join('').trim()
  if (left) yield left
}

/** Yields the objects of a JSON-lines body, the format of pull and build answers. */
export async function* jsonLines<T>(chunks: AsyncIterable<Uint8Array>, shape: Shape = anything): AsyncGenerator<T> {
  for await (const line of textLines(chunks)) yield jsonLine<T>(line, shape)
}

export function jsonLine<T>(line: string, shape: Shape): T {
  if (objectsIn(line, MOST_OBJECTS) > MOST_OBJECTS)
    throw new StrangeError('a line of the answer holds too many objects')
  const value = parsed(line)
  const misfit = shape(value)
  if (!misfit) return value as T
  throw new StrangeError(`in the answer, ${misfit.path || 'a line'} is ${misfit.words}`)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    if (/^[[{]/.test(line)) throw new CutError(line.length)
    throw new StrangeError(`the answer is ${strangeBody(line)}, not JSON`)
  }
}
