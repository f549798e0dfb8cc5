import { createRequire } from 'node:module'
import type { ReadStream as TerminalInput } from 'node:tty'
import type { Console } from '../host.ts'

/** Its standard input is opened only when it is asked for. */
type Runtime = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'on' | 'off'>

/** The console that a process's own streams are. */
export function consoleOf(runtime: Runtime): Console {
  return {
    isTTY: () => runtime.stdin.isTTY === true,
    input: (signal) => inputOf(runtime.stdin, signal),
    write: (name, bytes) =>
      new Promise((resolve) => {
        // An error is the stream's listener's business.
        runtime[name].write(bytes, () => resolve())
      }),
    raw: () => rawMode(runtime),
    onResize(listener) {
      runtime.stdout.on('resize', listener)
      return () => void runtime.stdout.off('resize', listener)
    },
  }
}

/** Not the stream's own iterator: that would close standard input when it is left. */
async function* inputOf(stdin: NodeJS.ReadStream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let wake = () => {}
  const turn = () => wake()
  const events = ['readable', 'end', 'close', 'error'] as const
  for (const event of events) stdin.on(event, turn)
  signal.addEventListener('abort', turn)
  try {
    while (!signal.aborted) {
      const chunk: Buffer | null = stdin.read()
      if (chunk) yield chunk
      else if (stdin.readableEnded || stdin.destroyed || stdin.errored) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    for (const event of events) stdin.off(event, turn)
    signal.removeEventListener('abort', turn)
    stdin.pause()
  }
}

/** A shell that continues a stopped process may have given the terminal back to it in another mode. */
function rawMode(runtime: Runtime): () => void {
  const terminal = runtime.stdin as TerminalInput
  const restore = () => void terminal.setRawMode(false)
  const begin = () => {
    terminal.setRawMode(true)
    leaveOutputAlone()
  }
  const renew = () => {
    restore()
    begin()
  }
  begin()
  runtime.on('exit', restore).on('SIGCONT', renew)
  return () => {
    runtime.off('exit', restore).off('SIGCONT', renew)
    restore()
  }
}

/**
 * Node's raw mode still adds a carriage return to every line feed, which full-screen programs use to move down in a column. Its end
 * takes this back too. Where there is no `stty`, that much stays.
 */
function leaveOutputAlone(): void {
  const { spawnSync }: typeof import('node:child_process') = createRequire(import.meta.url)('node:child_process')
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
}
