import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { MAIN } from '../support/cli.ts'
import type { Scene, SceneTest } from './scene.ts'

/** What a program printed, byte for byte, and how it ended. */
export interface Talk {
  code: number | null
  stdout: Buffer
  stderr: Buffer
}

export interface Talking {
  /** Resolves once what was printed to stdout holds the text. */
  said(text: string): Promise<void>
  type(bytes: string | Buffer): void
  kill(signal: NodeJS.Signals): void
  done: Promise<Talk>
}

/** Starts a program for a dialogue; `input` is all that it gets, else its input stays open. */
export function begin(
  [program = '', ...args]: string[],
  { folder, env }: Pick<Scene, 'folder' | 'env'>,
  input?: Buffer,
): Talking {
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env } })
  const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  const listeners = new Set<() => void>()
  const printed = (name: 'stdout' | 'stderr') => Buffer.concat(parts[name])
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => {
      parts[name].push(chunk)
      for (const look of listeners) look()
    })
  child.stdin.on('error', () => undefined)
  if (input) child.stdin.end(input)
  const done = new Promise<Talk>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout: printed('stdout'), stderr: printed('stderr') }))
  })
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => printed('stdout').includes(text) && resolve()
      listeners.add(look)
      look()
      done.then(() => reject(new Error(`ended without "${text}":\n${printed('stdout')}${printed('stderr')}`)), reject)
    })
  return { said, type: (bytes) => void child.stdin.write(bytes), kill: (signal) => void child.kill(signal), done }
}

/** Types each text once what it answers has been printed. */
export async function answer(talking: Talking, ...dialog: [said: string, typed: string][]): Promise<void> {
  for (const [said, typed] of dialog) {
    await talking.said(said)
    talking.type(typed)
  }
}

export function readable({ code, stdout, stderr }: Talk) {
  return { code, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') }
}

/** The command line, as words to start it with. */
export const FLOTILLA = [process.execPath, MAIN]

const AS_BEFORE = 'the terminal is as before'

export const LINES = 33
export const COLUMNS = 101

/**
 * Runs a shell script in a new terminal, by util-linux's `script`; `$flotilla` is the command line. What it prints ends with whether
 * the terminal is set as it was before.
 */
export function inTerminal(scene: Pick<Scene, 'folder' | 'env'>, script: string): Talking {
  const lines = [
    `stty rows ${LINES} cols ${COLUMNS}`,
    'stty -a > before',
    `flotilla='${FLOTILLA.join(' ')}'`,
    script,
    'echo "code $?"',
    'stty -a > after',
    `cmp -s before after && echo "${AS_BEFORE}"`,
  ]
  const file = join(scene.folder, 'terminal.sh')
  writeFileSync(file, `${lines.join('\n')}\n`)
  return begin(['script', '-qec', `sh ${file}`, '/dev/null'], scene)
}

/** What was said in a terminal, once it is over with that exit code, and the terminal is set as before. */
export async function ended(talking: Talking, code: number): Promise<string> {
  const said = (await talking.done).stdout.toString()
  assert.match(said, `code ${code}\r\n`)
  assert.match(said, AS_BEFORE)
  return said
}

/** Tests that need a terminal of their own; they are skipped, with the reason, where there is no `script`. */
export function terminalTests(check: SceneTest): SceneTest {
  if (hasScript()) return check
  console.log('skipped: there is no `script` of util-linux here')
  return (name) => test.skip(name)
}

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux')
  } catch {
    return false
  }
}

/** Those that end a process which does nothing about them. */
export const SIGNALS = ['INT', 'TERM', 'HUP', 'QUIT'] as const

/** The command line in a script of `inTerminal`, its process noted for `raise`. */
export function noted(args: string): string {
  return `flotilla="$flotilla" sh -c 'echo $$ > pid; exec $flotilla ${args}'`
}

export function raise({ folder }: Scene, signal: (typeof SIGNALS)[number]): void {
  process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), `SIG${signal}`)
}
