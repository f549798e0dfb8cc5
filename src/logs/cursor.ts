import type { LogLine, LogOptions } from '../backend/read/logs.ts'

interface Mark {
  /** The time of the last printed line; empty before the first. */
  time: string
  /** The number of printed lines with exactly that time. */
  count: number
  /** The text of the last of them, as far as it was written. */
  text: string
  /**
   * Whether later output may continue that line: the engine returns both as one line, or only the later part if the line is not
   * requested.
   */
  joined: boolean
  /** How many of them the engine has returned again. */
  again: number
  /** Whether the stream is past the printed part: from there on, every line is new, whatever its time. */
  past: boolean
}

const STREAMS = ['stdout', 'stderr'] as const

/**
 * The position up to which a container's log was printed. Each stream has its own mark: an unfinished line arrives later than the
 * other stream's lines. Several lines may have the same time, and an engine's clock may go back. The first output of the container's
 * next run continues a last line without newline.
 */
export class LogCursor {
  readonly #marks = { stdout: beginning(), stderr: beginning() }
  #isFollowing = true

  /** A time for the engine's `since`: everything printed after it is recognised when it is returned again. */
  get since(): string | undefined {
    const { stdout, stderr } = this.#marks
    const [earlier, later] = stdout.time < stderr.time ? [stdout, stderr] : [stderr, stdout]
    return (earlier.joined ? earlier.time : later.time) || undefined
  }

  /**
   * Called before the engine returns the log again: either one run as it is written, or everything so far, which may include the
   * next run.
   */
  resume({ follow }: Pick<LogOptions, 'follow'>): void {
    this.#isFollowing = follow
    for (const stream of STREAMS) Object.assign(this.#marks[stream], { again: 0, past: false })
  }

  /** The unprinted part of a line, without a time if it is unknown; marks it as printed. */
  take(line: LogLine): LogLine | undefined {
    const { stream, time, text } = line
    const mark = this.#marks[stream]
    if (time === undefined) return line
    if (!mark.past && time < mark.time) return undefined
    if (!mark.past && time === mark.time && mark.again < mark.count) return onceMore(mark, line)
    const count = time === mark.time ? mark.count + 1 : 1
    Object.assign(mark, { time, text, count, joined: !this.#isFollowing, past: true })
    return line
  }

  /** Moves both streams to the same position. */
  level(): void {
    const time = this.since
    if (time === undefined) return
    for (const stream of STREAMS)
      if (this.#marks[stream].time !== time) Object.assign(this.#marks[stream], beginning(), { time })
  }

  /** Whether a log's last lines reach back to the printed part, so that nothing in between is missing. */
  isReachedBy(lines: readonly LogLine[]): boolean {
    const { since } = this
    return since !== undefined && lines.findIndex(({ time }) => time === since) > 0
  }

  /** The unprinted part of a log's last lines; marks it as printed. */
  rest(lines: readonly LogLine[]): LogLine[] {
    this.#isFollowing = false
    const printed = new Set(STREAMS.flatMap((stream) => rewound(this.#marks[stream], ofStream(lines, stream))))
    const left = lines.filter((line) => line.time !== undefined && !printed.has(line))
    return left.flatMap((line) => this.take(line) ?? [])
  }
}

function beginning(): Mark {
  return { time: '', count: 0, text: '', joined: false, again: 0, past: false }
}

function ofStream(lines: readonly LogLine[], stream: LogLine['stream']): LogLine[] {
  return lines.filter((line) => line.stream === stream)
}

/** The new part of a line that was printed while it was incomplete. */
function onceMore(mark: Mark, { stream, text }: LogLine): LogLine | undefined {
  mark.again++
  const goesOn = mark.again === mark.count && text.length > mark.text.length && text.startsWith(mark.text)
  if (!goesOn) return undefined
  const more = text.slice(mark.text.length)
  Object.assign(mark, { text, joined: true })
  return { stream, text: more }
}

/**
 * Moves a mark back to before the last printed line, which is expected next. If `lines` lacks that line, later lines are new.
 * @returns the lines before it
 */
function rewound(mark: Mark, lines: LogLine[]): LogLine[] {
  const { time, count } = mark
  const end = lines.findLastIndex((line) => line.time === time) + 1
  Object.assign(mark, { again: Math.max(count - 1, 0), past: false })
  if (end === 0) return []
  const begin = lines.slice(0, end).findLastIndex((line) => line.time !== time) + 1
  return lines.slice(0, Math.max(begin, Math.min(begin + count, end) - 1))
}
