import { StringDecoder } from 'node:string_decoder'

/** The lines of a body, each without its end, as they arrive; empty ones are left out. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.map((line) => line.trimEnd()).filter(Boolean)
  }
  if (rest.trim()) yield rest.trim()
}

/** The objects of a body of JSON lines, as pulls and builds answer. */
export async function* jsonLines<T>(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<T> {
  for await (const line of textLines(chunks)) yield JSON.parse(line) as T
}
