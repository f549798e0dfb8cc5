// Running a program to its end and saying what it took.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, UserError, which } from '../scripts/lib/process.mjs'

const LIMIT = 600_000

/**
 * A function that runs a program: resolves to its wall time (`ms`), processor time (`cpu`, ms, with its children's) and peak memory
 * (`memory`, MB; of children too, the largest process counts). Those two need GNU time, and are undefined without. Rejects if the
 * program fails, since the time of a failure means nothing. `signal` ends whatever runs.
 */
export async function measurer({ folder, signal }) {
  const time = await gnuTime()
  const report = join(folder, 'time.txt')
  const prefix = time ? [time, '-o', report, '-f', '%U %S %M'] : []

  return async (words, options = {}) => {
    signal.throwIfAborted()
    const began = performance.now()
    await toEnd([...prefix, ...words], { ...options, signal })
    const ms = performance.now() - began
    return { ms, ...(time && usage(readFileSync(report, 'utf8'))) }
  }
}

async function gnuTime() {
  const path = which('time')
  return path && /GNU/.test((await run(path, ['--version'])).output) ? path : undefined
}

function usage(text) {
  const [user, system, kilobytes] = text.trim().split('\n').at(-1).split(' ').map(Number)
  return { cpu: (user + system) * 1000, memory: kilobytes / 1024 }
}

function toEnd([command, ...args], { cwd, env, signal }) {
  return new Promise((resolve, reject) => {
    // A group of its own: what the program started ends with it.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let said = ''
    const hear = (chunk) => {
      said = (said + chunk).slice(-4_000)
    }
    const end = () => process.kill(-child.pid, 'SIGKILL')
    const timer = setTimeout(end, LIMIT)
    signal.addEventListener('abort', end, { once: true })
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      if (code === 0) resolve()
      else reject(signal.aborted ? signal.reason : failed([command, ...args], code, said))
    })
  })
}

function failed(words, code, said) {
  const how = code === null ? `was ended after ${LIMIT / 1000} s` : `failed (exit code ${code})`
  return new UserError(`\`${words.join(' ')}\` ${how}:\n${said}`)
}
