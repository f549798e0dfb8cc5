import { createRequire } from 'node:module'
import type { KeyListener } from '../host.ts'
import { isInForeground } from './foreground.ts'

type Runtime = Pick<NodeJS.Process, 'stdin' | 'on' | 'off' | 'kill' | 'pid'>

/**
 * Passes each key of the terminal to the listener at once, without echo. The terminal still turns Ctrl-C and Ctrl-Z into signals. Its
 * mode is restored while the process is stopped or in the background, when the process ends, and by the result. Undefined without a
 * terminal, without `stty`, and in the background, where reading would stop the process.
 */
export function keysOf(runtime: Runtime, listener: KeyListener): (() => void) | undefined {
  if (!runtime.stdin.isTTY || !isInForeground(runtime.pid)) return undefined
  const before = stty('-g')
  if (!before) return undefined
  const input = new KeyInput(runtime, listener, before)
  input.open()
  return () => input.close()
}

class KeyInput {
  #waiting: NodeJS.Timeout | undefined

  constructor(
    private readonly runtime: Runtime,
    private readonly listener: KeyListener,
    /** The terminal's mode, as `stty` prints it. */
    private readonly before: string,
  ) {}

  open(): void {
    this.#begin()
    this.runtime.on('exit', this.#pause).on('SIGTSTP', this.#stopped).on('SIGCONT', this.#continued)
  }

  close(): void {
    this.runtime.off('exit', this.#pause).off('SIGTSTP', this.#stopped).off('SIGCONT', this.#continued)
    clearInterval(this.#waiting)
    this.#pause()
  }

  readonly #read = (chunk: Buffer) => {
    for (const key of keysIn(chunk.toString('utf8'))) this.listener.pressed(key)
  }

  #begin(): void {
    clearInterval(this.#waiting)
    stty('-icanon', '-echo', 'min', '1', 'time', '0')
    this.runtime.stdin.on('data', this.#read).on('error', ignore).resume()
  }

  readonly #pause = () => {
    this.runtime.stdin.off('data', this.#read).off('error', ignore).pause()
    // In the background, it would stop the process; the terminal was restored before.
    if (isInForeground(this.runtime.pid)) stty(this.before)
  }

  readonly #stopped = () => {
    const { runtime } = this
    this.#pause()
    // Without anything to wait for, the process would end as soon as it continues.
    this.#wait()
    // A listener takes the place of the signal's default action. Other listeners come first.
    queueMicrotask(() => runtime.kill(runtime.pid, 'SIGSTOP'))
  }

  readonly #continued = () => {
    this.#pause()
    this.#wait()
    this.#returned()
  }

  /** A shell that moves a running job to the foreground does not signal it. */
  #wait(): void {
    clearInterval(this.#waiting)
    this.#waiting = setInterval(() => this.#returned(), BACKGROUND_MS)
  }

  #returned(): void {
    if (!isInForeground(this.runtime.pid)) return
    this.#begin()
    this.listener.resumed()
  }
}

/** Milliseconds between two looks at whether a process in the background is in the foreground again. */
const BACKGROUND_MS = 500

function ignore(): void {}

/** Escape sequences of special keys (ECMA-48; `ESC O` in xterm's application mode), or else single characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with the control character
const KEY = /\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[\s\S]/gu

/** The keys in a piece of terminal input. */
export function keysIn(text: string): string[] {
  return text.match(KEY) ?? []
}

/** What `stty` prints; undefined if it fails or does not exist. */
function stty(...words: string[]): string | undefined {
  const { spawnSync }: typeof import('node:child_process') = createRequire(import.meta.url)('node:child_process')
  const { status, stdout } = spawnSync('stty', words, { stdio: ['inherit', 'pipe', 'ignore'], encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}
