import { Listr, type ListrRendererFactory, Spinner } from 'listr2'
import type { Painter } from './painter.ts'

/** A leaf of the list. */
export interface ListRow {
  title: string
  settled: Promise<void>
  /** Called once the row is settled. */
  failed(): boolean
}

export interface FrameSize {
  columns: number
  /** Whether this is the final frame, which may exceed the terminal's height. */
  last: boolean
  /** Counts the frames. */
  tick: number
}

type DrawFrame = (size: FrameSize) => string[]

/** Runs a list until all of its leaves are settled. Every leaf must exist from the start. */
export async function liveList(rows: readonly ListRow[], painter: Painter, draw: DrawFrame): Promise<void> {
  const tasks = rows.map((row) => ({ title: row.title, task: () => outcome(row) }))
  const renderer = rendererOf(painter, draw)
  await new Listr(tasks, { concurrent: true, exitOnError: false, registerSignalListeners: false, renderer }).run()
}

async function outcome(row: ListRow): Promise<void> {
  await row.settled
  if (row.failed()) throw new Error(row.title)
}

/** A renderer for listr2 that draws our frames ten times a second: the built-in one erases before it writes, and accesses the process. */
function rendererOf(painter: Painter, draw: DrawFrame): ListrRendererFactory {
  return class {
    static nonTTY = true
    static rendererOptions = {}
    static rendererTaskOptions = {}
    readonly #spinner = new Spinner()
    #tick = 0

    render(): void {
      this.#paint()
      this.#spinner.start(() => this.#paint())
    }

    end(): void {
      this.#spinner.stop()
      painter.finish(draw({ columns: painter.columns, last: true, tick: this.#tick }))
    }

    #paint(): void {
      painter.paint(draw({ columns: painter.columns, last: false, tick: this.#tick++ }))
    }
  } as unknown as ListrRendererFactory
}
