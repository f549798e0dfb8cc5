import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import type { RunEvent } from '../../src/execute/event.ts'

const ROOT = join(import.meta.dirname ?? '', '../..')

/** The built command line; FLOTILLA_MAIN names another one to test, an installed package's for instance. */
export const MAIN = process.env.FLOTILLA_MAIN ?? join(ROOT, 'dist/main.js')

const OWN = [process.execPath, MAIN]

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

export interface CliOptions {
  cwd: string
  env?: Record<string, string>
  stdin?: string
  /** The words that start the program; by default the built command line. */
  program?: readonly string[]
}

/** A command line that is under way. */
export interface Running {
  /** What it has printed so far, and its exit code once it has ended; null if a signal ended it. */
  ran: Ran
  done: Promise<Ran>
  kill(signal: NodeJS.Signals): void
  /** Resolves once what has been printed satisfies the condition; rejects if the command ends before. */
  until(condition: (ran: Ran) => boolean): Promise<void>
}

/** `npm test` builds first; a test file that is run alone may be the first to need the command line. */
export function ensureBuilt(): void {
  if (!existsSync(MAIN)) execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs')], { stdio: 'inherit' })
}

/** Runs the built command line as a user would, to its end. */
export function flotilla(args: string[], options: CliOptions): Promise<Ran> {
  return launch(args, options).done
}

/** Starts the built command line and leaves it running. */
export function launch(args: string[], { cwd, env = {}, stdin = '', program = OWN }: CliOptions): Running {
  const [file = '', ...words] = program
  const child = spawn(file, [...words, ...args], { cwd, env: { ...process.env, ...env } })
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  const watchers = new Set<() => void>()
  const collect = (key: 'stdout' | 'stderr') => (chunk: Buffer) => {
    ran[key] += chunk
    for (const look of watchers) look()
  }
  child.stdout.on('data', collect('stdout'))
  child.stderr.on('data', collect('stderr'))
  const done = ended(child).then((code) => Object.assign(ran, { code }))
  child.stdin.on('error', () => undefined)
  child.stdin.end(stdin)
  return {
    ran,
    done,
    kill: (signal) => void child.kill(signal),
    until: (condition) => satisfied(ran, done, watchers, condition),
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
}

async function satisfied(
  ran: Ran,
  done: Promise<Ran>,
  watchers: Set<() => void>,
  condition: (ran: Ran) => boolean,
): Promise<void> {
  let look = () => {}
  const seen = new Promise<boolean>((resolve) => {
    look = () => condition(ran) && resolve(true)
    watchers.add(look)
  })
  look()
  const met = await Promise.race([seen, done.then(() => false)])
  watchers.delete(look)
  if (!met && !condition(ran))
    throw new Error(`it ended with ${ran.code} before what was waited for:\n${ran.stdout}${ran.stderr}`)
}

/** Fails with everything that was printed unless the exit code is 0. */
export function succeeded(ran: Ran): Ran {
  assert.is(ran.code, 0, ran.stdout + ran.stderr)
  return ran
}

/** The events that a command with `--progress json` printed. */
export function eventsOf(ran: Ran): RunEvent[] {
  return jsonLines(ran.stderr).filter((each) => each.type !== 'problem' && each.type !== 'message')
}

/** One line of `--progress json`. */
// biome-ignore lint/suspicious/noExplicitAny: JSON of several shapes, which tests pick members of
export function jsonLines(text: string): any[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
}

/** Ids of the steps that began, in order. */
export function startedSteps(ran: Ran): string[] {
  return eventsOf(ran).flatMap((event) => (event.type === 'step-start' ? [event.step] : []))
}

export type Failed = Extract<RunEvent, { type: 'step-fail' }>

export function failedSteps(ran: Ran): Failed[] {
  return eventsOf(ran).flatMap((event) => (event.type === 'step-fail' ? [event] : []))
}

/** Host ports that nothing listens on just now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

/** A server on a free port. */
export function listenAnywhere(): Promise<ReturnType<typeof createServer>> {
  const server = createServer()
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}
