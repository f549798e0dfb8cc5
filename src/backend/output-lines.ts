import { StringDecoder } from 'node:string_decoder'
import type { StepContext } from '../execute/step-context.ts'
import type { Spoken } from './session.ts'

/** A longer line is split. */
const LONGEST_LINE = 64 * 1024

/** Passes a program's output on in whole lines, separately per stream. */
export function lineTeller({ print }: Pick<StepContext, 'print'>): { add(chunk: Spoken): void; end(): void } {
  const streams = { stdout: lineBuffer(), stderr: lineBuffer() }
  const tell = (stream: Spoken['stream'], lines: string[]) => {
    if (lines.length > 0) print(stream, lines)
  }
  return {
    add: ({ stream, payload }) => tell(stream, streams[stream].add(payload)),
    end() {
      for (const stream of ['stdout', 'stderr'] as const) tell(stream, streams[stream].end())
    },
  }
}

function lineBuffer() {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return {
    add(payload: Uint8Array): string[] {
      const lines = (rest + decoder.write(Buffer.from(payload))).split(/\r?\n/)
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) {
        lines.push(rest)
        rest = ''
      }
      return lines
    },
    end: () => (rest === '' ? [] : [rest]),
  }
}
