import type { Reader } from '../backend/reader.ts'
import { containerLog } from './container-log.ts'
import type { ContainerRun } from './container-run.ts'
import { LogCursor } from './cursor.ts'
import type { FollowOptions } from './follow-options.ts'
import { ReorderBuffer } from './reorder.ts'

/** Prints the logs of several containers in order of time, each from its position. */
export class LogPrinter {
  readonly #cursors = new Map<string, LogCursor>()
  readonly #buffer: ReorderBuffer<() => void>

  constructor(
    private readonly reader: Reader,
    private readonly options: Pick<FollowOptions, 'from' | 'onLine' | 'clock'>,
    private readonly signal: AbortSignal,
  ) {
    this.#buffer = new ReorderBuffer(options.clock, (print) => print(), signal)
  }

  /** Prints a container's log until it ends. */
  async print(run: ContainerRun): Promise<void> {
    const { id } = run.replica
    const { position = new LogCursor(), since } = this.options.from(run.replica)
    const reached = this.#cursors.get(id) ?? position
    this.#cursors.set(id, reached)
    const answered = this.#buffer.expect()
    try {
      for await (const line of containerLog(this.reader, id, { position: reached, since }, this.signal)) {
        answered()
        run.lines++
        const print = () => this.options.onLine(run.replica, line)
        if (line.time === undefined) this.#buffer.putAfter(reached.since ?? '', print)
        else this.#buffer.put(line.time, print)
      }
    } finally {
      answered()
    }
  }

  /** Runs `act` after the container's last line so far. */
  after(id: string, act: () => void): void {
    this.#buffer.putAfter(this.#cursors.get(id)?.since ?? '', act)
  }

  /** Whether a container has printed a line with a known time. */
  hasTimeOf(id: string): boolean {
    return this.#cursors.get(id)?.since !== undefined
  }

  /** Prints everything that is held back. */
  flush(): void {
    this.#buffer.flush()
  }
}
