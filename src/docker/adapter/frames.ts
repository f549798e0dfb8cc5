import { EngineError } from '../port.ts'

export interface Frame {
  stream: 'stdout' | 'stderr'
  payload: Buffer
}

const HEADER = 8
const STDERR = 2
const SYSTEM_ERROR = 3

/**
 * Takes a multiplexed stream apart: frames of one byte for the stream, three of nothing, four for the length (big endian), and
 * the payload (Docker Engine API, ContainerAttach, "Stream format"). A frame is passed on once it is complete.
 */
export async function* multiplexed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let buffer: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    buffer = buffer.length ? Buffer.concat([buffer, chunk]) : Buffer.from(chunk)
    let end = frameEnd(buffer)
    while (end <= buffer.length) {
      yield frameOf(buffer, end)
      buffer = buffer.subarray(end)
      end = frameEnd(buffer)
    }
  }
}

/** The output of a terminal comes without frames, both streams as one. */
export async function* raw(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  for await (const chunk of chunks) yield { stream: 'stdout', payload: Buffer.from(chunk) }
}

function frameEnd(buffer: Buffer): number {
  return buffer.length < HEADER ? Number.POSITIVE_INFINITY : HEADER + buffer.readUInt32BE(4)
}

function frameOf(buffer: Buffer, end: number): Frame {
  const payload = buffer.subarray(HEADER, end)
  if (buffer[0] === SYSTEM_ERROR) throw new EngineError(payload.toString('utf8').trim())
  return { stream: buffer[0] === STDERR ? 'stderr' : 'stdout', payload }
}
