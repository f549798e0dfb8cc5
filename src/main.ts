import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { addAbortSignal } from 'node:stream'
import { isatty } from 'node:tty'
import { pathToFileURL } from 'node:url'
import type { Host, Interrupts } from './cli/host.ts'
import { callOf } from './cli/plugin/call.ts'
import { runProgram } from './cli/program.ts'
import { consoleOf } from './cli/terminal/console.ts'
import { withFooter } from './cli/terminal/footer.ts'
import { interruptsOf } from './cli/terminal/interrupts.ts'
import { outputsOf } from './cli/terminal/output.ts'
import { sourceTrace } from './cli/trace.ts'
import { COMMANDS } from './command/table.ts'
import { StackError } from './diagnostics/checked.ts'
import { type Diagnostic, error } from './diagnostics/diagnostic.ts'
import { realClock } from './execute/clock.ts'
import { MOST_BYTES } from './load/file/disk.ts'
import { localRuntime } from './machine/runtime.ts'

/** Set by the bundler. */
declare const FLOTILLA_VERSION: string | undefined

// The only file that accesses the process.

/** `process.stdin` opens a stream, which few commands need. */
const STDIN = 0
const STDOUT = 1

/** The name of the running command, read by the launcher: the code cache records its statistics by command. */
export let command: string | undefined

function main(): Promise<number> {
  const interrupted = interruptsOf(process)
  const call = callOf({ program: process.argv[1] ?? '', argv: process.argv.slice(2), env: process.env })
  const runtime = localRuntime({
    env: call.env,
    cwd: workingDirectory(),
    home: homedir(),
    platform: process.platform,
    readStdin: () => readStdin(interrupted.signal),
  })
  const terminal = { ...withFooter(outputsOf(process)), clock: realClock }
  const console = consoleOf(process)
  const ask = async (question: string, signal: AbortSignal) => {
    const streams = { input: process.stdin, output: process.stderr, size: terminal.err }
    return (await import('./cli/terminal/ask.ts')).ask(streams, question, signal)
  }
  const host: Host = {
    ...runtime,
    ...call,
    version: typeof FLOTILLA_VERSION === 'string' ? FLOTILLA_VERSION : 'development',
    documentation,
    onCommand: (name) => {
      command = name
    },
    terminal,
    interrupts: interrupted,
    console,
    ...(isatty(STDIN) && {
      ask,
      choose: async (question, choices, signal) => {
        const { choose } = await import('./cli/terminal/choose.ts')
        const output = { ...terminal.err, isTTY: terminal.err.isTTY && process.env.TERM !== 'dumb' }
        return choose({ console, output, ask }, { question, choices }, signal)
      },
    }),
    writeFile: async (...args) => (await import('./cli/write-whole.ts')).writeWhole(...args),
    openBrowser: async (address) => (await import('./machine/browser.ts')).openBrowser(address, process),
    program: program(),
    processes: {
      own: process.pid,
      begin,
      ready: () => void process.send?.('ready'),
      end: (pid) => void process.kill(pid),
    },
    engineVersion: (signal) => runtime.version(signal).catch(() => undefined),
  }
  void heedDocker(interrupted)
  return runProgram(host, COMMANDS)
}

/** Docker signals its plugins through a socket if the terminal does not (docker/cli, cmd/docker, tryPluginRun). */
async function heedDocker({ first }: Interrupts): Promise<void> {
  const address = process.env.DOCKER_CLI_PLUGIN_SOCKET
  if (!address || isatty(STDOUT)) return
  const { onDockersEnd } = await import('./cli/plugin/dockers-signals.ts')
  // A shell's Ctrl-C reaches both processes, and counts once.
  const once = () => void (first?.() ?? process.kill(process.pid, 'SIGTERM'))
  onDockersEnd(address, () => setTimeout(once, SAME_SIGNAL_MS).unref())
}

/** Milliseconds within which a signal that was sent to both processes arrives twice at the latest. */
const SAME_SIGNAL_MS = 200

/** If the working directory was deleted, only the shell's PWD has its name. */
function workingDirectory(): string {
  try {
    return process.cwd()
  } catch {
    return process.env.PWD || '/'
  }
}

/** Documents are in the folder above that of this file, in a clone and in an installed package. */
function documentation(path: string): string {
  const file = import.meta.url
  return new URL(`../${path}`, file.startsWith('/') ? pathToFileURL(file) : file).href
}

/** The program and arguments that started this process. After `--`, Node 20 leaves our `--env-file` to us. */
function program(): string[] {
  return [process.execPath, ...process.execArgv, '--', process.argv[1] ?? '']
}

/** Starts a command line in a new session, so that it outlives its terminal. Its end counts until it has reported that it is ready. */
async function begin(args: readonly string[], output: string): Promise<{ pid: number; ended?: number }> {
  const [{ spawn }, { openSync, closeSync }] = await Promise.all([import('node:child_process'), import('node:fs')])
  const log = openSync(output, 'a', 0o600)
  const [node = '', ...words] = [...program(), ...args]
  const child = spawn(node, words, { detached: true, stdio: ['ignore', log, log, 'ipc'] })
  closeSync(log)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve({ pid: child.pid ?? 0, ended: code ?? 1 }))
    child.once('message', () => {
      child.disconnect()
      child.unref()
      resolve({ pid: child.pid ?? 0 })
    })
  })
}

async function readStdin(signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of addAbortSignal(signal, process.stdin)) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > MOST_BYTES) throw new StackError([tooLarge()])
  }
  return Buffer.concat(chunks).toString('utf8')
}

function tooLarge(): Diagnostic {
  const most = `${MOST_BYTES / 1024 / 1024} MiB`
  return error('file-unreadable', `standard input is larger than ${most}`, { hint: 'name a file with -f' })
}

/** Reports a bug: errors of the user never reach this function. */
function confess(thrown: unknown): number {
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  const trace = process.env.FLOTILLA_DEBUG && thrown instanceof Error ? `${traceOf(thrown)}\n` : ''
  const report = 'run it again with FLOTILLA_DEBUG=1 and report what it prints, with the command and the stack file'
  process.stderr.write(`flotilla has a bug: ${message}\n${trace}${trace ? '' : `  ${report}\n`}`)
  return 1
}

function traceOf({ stack = '' }: Error): string {
  try {
    return sourceTrace(stack, readFileSync(`${import.meta.url}.map`, 'utf8'))
  } catch {
    // From the sources there is no map, and no need of one.
    return stack
  }
}

process.on('uncaughtException', (thrown) => process.exit(confess(thrown)))

/** Ends the process: open streams and timers must not keep a finished command alive, but pipes must be flushed first. */
function end(code: number): void {
  process.exitCode = code
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

void main().catch(confess).then(end)
