import { fstatSync } from 'node:fs'
import type { Output } from '../../view/terminal.ts'

/** The parts of the process that output streams use. */
type Runtime = Pick<NodeJS.Process, 'on' | 'off' | 'listeners' | 'kill' | 'pid'>

/** A process's two output streams. If both lead to one pipe (`2>&1 | head`), losing one means losing the other. */
export function outputsOf(runtime: Runtime & Pick<NodeJS.Process, 'stdout' | 'stderr'>): { out: Output; err: Output } {
  const lost = { out: new AbortController(), err: new AbortController() }
  const loseBoth = ({ target }: Event) => {
    if (!isSame(runtime.stdout.fd, runtime.stderr.fd)) return
    for (const each of Object.values(lost)) each.abort((target as AbortSignal).reason)
  }
  for (const { signal } of Object.values(lost)) signal.addEventListener('abort', loseBoth, { once: true })
  return { out: outputOf(runtime.stdout, runtime, lost.out), err: outputOf(runtime.stderr, runtime, lost.err) }
}

function isSame(...descriptors: number[]): boolean {
  const [one, other] = descriptors.map((each) => fstatSync(each))
  return one?.ino === other?.ino && one?.dev === other?.dev
}

const HIDE_CURSOR = '\u001b[?25l'
const SHOW_CURSOR = '\u001b[?25h'

/** A process's output stream. Errors do not end the process: undeliverable output is dropped, and `lost` aborts. */
export function outputOf(stream: NodeJS.WriteStream, runtime: Runtime, lost = new AbortController()): Output {
  const lose = (error?: Error | null) => {
    if (error) lost.abort(error)
  }
  const writing = (text: string) =>
    new Promise<void>((resolve) => {
      stream.write(text, (error) => {
        lose(error)
        resolve()
      })
    })
  let last = Promise.resolve()
  const cursor = cursorGuard(runtime, () => void stream.write(SHOW_CURSOR))
  stream.on('error', lose)
  return {
    write(text) {
      if (text.includes(HIDE_CURSOR)) cursor.hide()
      if (text.includes(SHOW_CURSOR)) cursor.show()
      if (!lost.signal.aborted) last = writing(text)
    },
    written: () => last,
    lost: lost.signal,
    isTTY: stream.isTTY === true,
    // A terminal of unknown size reports 0.
    columns: () => stream.columns || 80,
    rows: () => stream.rows || 24,
    colours: coloursOf(stream),
    stops: cursor.stops,
  }
}

/** Whether the reader (`| head`) or the terminal has gone, as opposed to output that could not be stored. */
export function hasNoReader({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'EIO'
}

/** Restores a hidden cursor before the process ends or stops. */
function cursorGuard(runtime: Runtime, restore: () => void) {
  let stops = 0
  const stop = () => {
    restore()
    runtime.off('SIGTSTP', stop)
    // Without a listener, the signal stops the process: the next line runs once it continues. Another listener does that itself.
    if (runtime.listeners('SIGTSTP').length === 0) runtime.kill(runtime.pid, 'SIGTSTP')
    stops++
    runtime.on('SIGTSTP', stop)
  }
  const goOn = () => void stops++
  let isHidden = false
  let listens = false
  const listen = () => {
    if (!listens) runtime.on('exit', restore).on('SIGTSTP', stop).on('SIGCONT', goOn)
    listens = true
  }
  const leave = () => {
    if (isHidden || !listens) return
    listens = false
    runtime.off('exit', restore).off('SIGTSTP', stop).off('SIGCONT', goOn)
  }
  return {
    hide() {
      isHidden = true
      listen()
    },
    show() {
      isHidden = false
      // A signal that came in just now is still to be dispatched, and would be lost without its listener.
      setImmediate(leave)
    },
    stops: () => stops,
  }
}

function coloursOf(stream: NodeJS.WriteStream): Output['colours'] {
  const depth = stream.isTTY ? stream.getColorDepth() : 1
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0
}
