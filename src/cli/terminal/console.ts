import { createRequire } from 'node:module'
import type { ReadStream as TerminalInput } from 'node:tty'
import type { Console } from '../host.ts'
import { keysOf } from './keys.ts'

/** Standard input is opened only on first use. */
type Runtime = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'on' | 'off' | 'kill' | 'pid'>

/** The console made of a process's own streams. */
export function consoleOf(runtime: Runtime): Console {
  return {
    isTTY: () => runtime.stdin.isTTY === true,
    input: (signal) => inputOf(runtime.stdin, signal),
    write: (name, bytes) =>
      new Promise((resolve) => {
        // The stream's error listener handles errors.
        runtime[name].write(bytes, () => resolve())
      }),
    raw: () => rawMode(runtime),
    keys: (listener) => keysOf(runtime, listener),
    onResize(listener) {
      runtime.stdout.on('resize', listener)
      return () => void runtime.stdout.off('resize', listener)
    },
  }
}

/** The stream's own iterator would close standard input at its end. */
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

/** Sets raw mode again when a stopped process continues: the shell may have changed the terminal's mode. */
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
 * Node's raw mode still adds a carriage return to every line feed, but full-screen programs use line feeds to move straight down.
 * This disables that; the end of raw mode restores it. Without `stty`, nothing changes.
 */
function leaveOutputAlone(): void {
  const { spawnSync }: typeof import('node:child_process') = createRequire(import.meta.url)('node:child_process')
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
}
