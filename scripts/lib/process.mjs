// Running other programs, and being run as one.
import { spawn } from 'node:child_process'
import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** An error whose message is meant for the user: scripts print it without a stack. */
export class UserError extends Error {}

/** Runs `main` if the module is the program itself, not an import of another. */
export async function runAsScript(moduleUrl, main) {
  if (!process.argv[1] || realpathSync(process.argv[1]) !== fileURLToPath(moduleUrl)) return
  try {
    await main()
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    process.exitCode = 1
  }
}

/** Where a program is, or undefined. Looks in the administrator's folders too: a user's PATH often lacks them. */
export function which(name, folders = [...pathFolders(), '/usr/local/sbin', '/usr/sbin', '/sbin']) {
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/**
 * For all programs that are started from now on. Node 20 parses every certificate of that file at each start, which takes 40 to 45 ms
 * that are not flotilla's; only what fetches packages needs it.
 */
export function withoutExtraCertificates() {
  delete process.env.NODE_EXTRA_CA_CERTS
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter)
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Runs a program to its end. Resolves to its exit code (127: no such program) and what it printed. */
export function run(command, args, { env, cwd, stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio, env: { ...process.env, ...env } })
    let output = ''
    const collect = (chunk) => {
      output += chunk
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', (error) => resolve({ code: 127, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Like `run`, but a failure is an error that ends with the program's last lines. */
export async function mustRun(command, args, options) {
  const { code, output } = await run(command, args, options)
  if (code === 0) return output
  throw new UserError(`\`${[command, ...args].join(' ')}\` failed (exit code ${code})\n${lastLines(output, 15)}`)
}

/** The end of a text, indented for printing below a message. */
export function lastLines(text, count) {
  return text
    .trimEnd()
    .split('\n')
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n')
}

/**
 * What to put before a command so that it runs as root: nothing, `sudo`, or undefined where there is no way.
 * A sudo that would ask for a password is used on a terminal only: elsewhere nobody could answer.
 */
export async function rootPrefix() {
  if (process.getuid?.() === 0) return []
  if (!which('sudo')) return undefined
  if ((await run('sudo', ['-n', 'true'])).code === 0) return ['sudo', '-n']
  return process.stdin.isTTY ? ['sudo'] : undefined
}
