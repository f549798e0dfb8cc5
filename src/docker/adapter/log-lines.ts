import { StringDecoder } from 'node:string_decoder'
import type { EngineLogLine } from '../port.ts'
import type { Frame } from './frames.ts'

// Limits the memory for a program that never ends its line, e.g. a progress bar.
const LONGEST_LINE = 1024 * 1024
const STAMP = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) /
const STAMP_LENGTH = 40

/**
 * Assembles lines from frames, separately per stream: a frame may hold part of a line, several lines, or half a character. With
 * timestamps, each line starts with one, and so does each further piece of a line that the engine stored in pieces.
 */
export async function* logLines(frames: AsyncIterable<Frame>, timestamps: boolean): AsyncGenerator<EngineLogLine> {
  const pending = { stdout: lineBuffer(timestamps), stderr: lineBuffer(timestamps) }
  for await (const { stream, payload } of frames) {
    for (const line of pending[stream].add(payload)) yield { stream, ...line }
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    for (const line of pending[stream].end()) yield { stream, ...line }
  }
}

function lineBuffer(timestamps: boolean) {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return {
    add(payload: Buffer) {
      const continues = timestamps && rest !== ''
      const lines = (rest + decoder.write(continues ? withoutStamp(payload) : payload)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) {
        lines.push(rest)
        rest = ''
      }
      return lines.map((line) => lineOf(line, timestamps))
    },
    end() {
      const last = rest + decoder.end()
      return last ? [lineOf(last, timestamps)] : []
    },
  }
}

function withoutStamp(payload: Buffer): Buffer {
  const stamp = payload.subarray(0, STAMP_LENGTH).toString('latin1').match(STAMP)?.[0]
  return stamp ? payload.subarray(stamp.length) : payload
}

/** Terminals end their lines with CR LF. */
function lineOf(line: string, timestamps: boolean): { text: string; time?: string } {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line
  const stamp = timestamps ? whole.match(STAMP)?.[0] : undefined
  return stamp ? { text: whole.slice(stamp.length), time: stamp.trimEnd() } : { text: whole }
}
