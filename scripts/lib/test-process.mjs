// A process that runs test files one after the other, each with a limit to its time.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BEFORE = new URL('./before-test.mjs', import.meta.url).href
const WORKER = fileURLToPath(new URL('./test-worker.mjs', import.meta.url))
const ARGS = ['--enable-source-maps', '--import', BEFORE, WORKER]

/**
 * Where tests run: `{ cwd, env, compiled, node?, within? }`: the folder of compiled tests, the path of another Node, and the command
 * that runs another command elsewhere.
 * A process that a file ended or that hung is replaced by the next call.
 */
export class TestProcess {
  #place
  #child
  /** What a crash of Node itself prints. */
  #stray = ''

  constructor(place) {
    this.#place = place
  }

  /** Resolves to `{ passed, failed, skipped, seconds, output }`; never rejects. */
  async run(file, limitSeconds) {
    const began = performance.now()
    this.#child ??= this.#start()
    const child = this.#child
    const answer = await this.#answerOf(child, file, limitSeconds)
    return { ...answer, seconds: (performance.now() - began) / 1000 }
  }

  /** Ends the process, after it has written what it measured. */
  async end() {
    const child = this.#child
    this.#child = undefined
    if (!child) return
    // Not 'close': what a file started may hold the streams open for longer.
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.disconnect()
    await ended
    killGroup(child)
  }

  #start() {
    const { node = process.execPath, within = asIs, cwd, env, compiled } = this.#place
    const [program, ...args] = within([node, ...ARGS, compiled])
    // A group of its own, so that what a hanging test started ends with it.
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    this.#stray = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.#stray += chunk))
    return child
  }

  #answerOf(child, file, limitSeconds) {
    return new Promise((resolve) => {
      const failed = (why) => {
        this.#child = undefined
        finish({ passed: 0, failed: 1, skipped: 0, output: `${this.#stray}\n${why}\n` })
      }
      const onExit = (code, signal) => failed(`the process ended: ${signal ?? `exit code ${code}`}`)
      const timer = setTimeout(() => {
        child.off('exit', onExit)
        killGroup(child)
        failed(`stopped after ${limitSeconds} s`)
      }, limitSeconds * 1000)
      const finish = (answer) => {
        clearTimeout(timer)
        child.off('exit', onExit)
        child.off('message', finish)
        resolve(answer)
      }
      child.once('message', finish)
      child.once('exit', onExit)
      child.send({ file }, (error) => error && failed(error.message))
    })
  }
}

const asIs = (command) => command

/** With what its files started and left. */
function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}
