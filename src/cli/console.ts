import { createRequire } from 'node:module'
import type { ReadStream as TerminalInput } from 'node:tty'
import type { Console } from './host.ts'

interface Streams {
  /** Opened only when it is needed. */
  stdin(): NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  /** Calls when the process ends, or is continued after it was stopped, until the result is called. */
  on(event: 'exit' | 'SIGCONT', listener: () => void): () => void
}

/** The console that a process's own streams are. */
export function consoleOf(streams: Streams): Console {
  const { stdout } = streams
  return {
    isTTY: () => streams.stdin().isTTY === true,
    input: (signal) => inputOf(streams.stdin(), signal),
    write: (name, bytes) =>
      new Promise((resolve, reject) => {
        streams[name].write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    raw: () => rawMode(streams),
    onResize(listener) {
      stdout.on('resize', listener)
      return () => void stdout.off('resize', listener)
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
function rawMode({ stdin, on }: Streams): () => void {
  const terminal = stdin() as TerminalInput
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
  const listeners = [on('exit', restore), on('SIGCONT', renew)]
  return () => {
    for (const off of listeners) off()
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
