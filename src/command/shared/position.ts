import type { LogLine } from '../../backend/reader.ts'

interface Mark {
  /** When the last printed line was written; empty before the first. */
  time: string
  /** How many printed lines are of that very time. */
  count: number
  /** How many of them the engine has given again. */
  again: number
  /** Whether the stream has come past what was printed before: from there on every line is new, whatever its time. */
  past: boolean
}

const STREAMS = ['stdout', 'stderr'] as const

/**
 * How far a container's log has been printed. Each stream has a mark of its own: a line that has no end yet comes later than what the
 * other stream says. Several lines may be of one time, and an engine's clock may go back.
 */
export class Position {
  readonly #marks = { stdout: beginning(), stderr: beginning() }

  /** A time after which nothing has been printed, as the engine's `since` takes it. */
  get since(): string | undefined {
    const { stdout, stderr } = this.#marks
    return (stdout.time > stderr.time ? stdout.time : stderr.time) || undefined
  }

  /** The engine is about to give the log again. */
  resume(): void {
    for (const stream of STREAMS) Object.assign(this.#marks[stream], { again: 0, past: false })
  }

  /** Whether a line that the engine gives has not been printed before; from now on it has been. */
  take({ stream, time }: LogLine): boolean {
    const mark = this.#marks[stream]
    if (time === undefined) return true
    if (!mark.past && time < mark.time) return false
    if (!mark.past && time === mark.time && ++mark.again <= mark.count) return false
    Object.assign(mark, { time, count: time === mark.time ? mark.count + 1 : 1, past: true })
    return true
  }

  /** Everything that the engine had when it was asked has been printed, of both streams. */
  level(): void {
    const time = this.since
    if (time === undefined) return
    for (const stream of STREAMS)
      if (this.#marks[stream].time !== time) Object.assign(this.#marks[stream], { time, count: 0 })
  }

  /** What of a log's last lines has not been printed yet. */
  rest(lines: readonly LogLine[]): LogLine[] {
    const left = new Set(STREAMS.flatMap((stream) => unprinted(this.#marks[stream], ofStream(lines, stream))))
    return lines.filter((line) => left.has(line) && line.time !== undefined)
  }
}

function beginning(): Mark {
  return { time: '', count: 0, again: 0, past: false }
}

function ofStream(lines: readonly LogLine[], stream: LogLine['stream']): LogLine[] {
  return lines.filter((line) => line.stream === stream)
}

/** What stands behind the last printed line; where that is not among them, what was written later. */
function unprinted({ time, count }: Mark, lines: LogLine[]): LogLine[] {
  const end = lines.findLastIndex((line) => line.time === time) + 1
  if (end === 0) return lines.filter((line) => line.time !== undefined && line.time > time)
  const begin = lines.slice(0, end).findLastIndex((line) => line.time !== time) + 1
  return lines.slice(Math.min(begin + count, end))
}
