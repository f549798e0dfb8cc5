import { failedInside } from '../port.ts'
import { CutError, StrangeError } from './http/body.ts'

export interface Frame {
  stream: 'stdout' | 'stderr'
  payload: Buffer
}

const HEADER = 8
const STDERR = 2
const SYSTEM_ERROR = 3

/** Far above what engines send: they cut output into pieces of a few dozen kilobytes. */
const LARGEST = 16 * 1024 * 1024

/**
 * Splits a multiplexed stream into frames: one byte for the stream, three zero bytes, four for the length (big endian), then the
 * payload (Docker Engine API, ContainerAttach, "Stream format"). A frame is yielded once it is complete.
 */
export async function* multiplexed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let buffer: Buffer = Buffer.alloc(0)
  let arrived: Uint8Array[] = []
  let missing = HEADER
  for await (const chunk of chunks) {
    arrived.push(chunk)
    missing -= chunk.length
    if (missing > 0) continue
    buffer = Buffer.concat([buffer, ...arrived])
    arrived = []
    let end = frameEnd(buffer)
    while (end <= buffer.length) {
      yield frameOf(buffer, end)
      buffer = buffer.subarray(end)
      end = frameEnd(buffer)
    }
    missing = end - buffer.length
  }
  if (buffer.length + arrived.length > 0) throw new CutError(buffer.length)
}

/** The output of a terminal comes without frames, both streams as one. */
export async function* raw(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  for await (const chunk of chunks) yield { stream: 'stdout', payload: Buffer.from(chunk) }
}

/** The end of the first frame, or of its header while the header is incomplete. */
function frameEnd(buffer: Buffer): number {
  if (buffer.length < HEADER) return HEADER
  const length = buffer.readUInt32BE(4)
  const isHeader = buffer.readUInt32BE(0) % 0x1000000 === 0 && (buffer[0] ?? 0) <= SYSTEM_ERROR && length <= LARGEST
  if (!isHeader) throw new StrangeError('the answer is not a multiplexed stream')
  return HEADER + length
}

function frameOf(buffer: Buffer, end: number): Frame {
  const payload = buffer.subarray(HEADER, end)
  if (buffer[0] === SYSTEM_ERROR) throw failedInside(payload.toString('utf8').trim())
  return { stream: buffer[0] === STDERR ? 'stderr' : 'stdout', payload }
}
