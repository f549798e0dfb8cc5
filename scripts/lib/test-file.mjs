// One test file in a process of its own, with a limit to its time.
import { spawn } from 'node:child_process'

/** Ample for the slowest on two cores; the laboratory's first run builds its images. */
const LIMIT_SECONDS = { pure: 300, live: 420, lab: 2700 }

const BEFORE = new URL('./before-test.mjs', import.meta.url).href

export function kindOf(file) {
  if (file.startsWith('test/lab/')) return 'lab'
  return file.startsWith('test/live/') ? 'live' : 'pure'
}

/** @returns {Promise<{file, passed, failed, skipped, seconds, output}>} a file that ran no test has failed */
export async function runTestFile(file, { cwd, env }) {
  const began = performance.now()
  const limit = LIMIT_SECONDS[kindOf(file)]
  const { output, code, timedOut } = await runLimited(file, limit, { cwd, env })
  const seconds = (performance.now() - began) / 1000
  const counts = countsIn(output)
  if (timedOut) return verdict({ ...counts, failed: counts.failed + 1 }, `stopped after ${limit} s`)
  if (counts.total + counts.skipped === 0)
    return verdict({ ...counts, failed: 1 }, 'no test ran: does the file end with test.run()?')
  return verdict(code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts, '')

  function verdict({ passed, failed, skipped }, note) {
    return { file, passed, failed, skipped, seconds, output: note ? `${output}\n${note}\n` : output }
  }
}

function runLimited(file, seconds, options) {
  return new Promise((resolve) => {
    const args = ['--enable-source-maps', '--import', 'tsx', '--import', BEFORE, file]
    // A group of its own, so that what a hanging test started ends with it.
    const child = spawn(process.execPath, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      process.kill(-child.pid, 'SIGKILL')
    }, seconds * 1000)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ output, code, timedOut })
    })
  })
}

/** uvu's summary, which it prints once for every suite of the file. Its total leaves out what was skipped. */
function countsIn(output) {
  const sum = (word) =>
    [...output.matchAll(new RegExp(`^\\s*${word}:\\s+(\\d+)`, 'gm'))].reduce((n, found) => n + Number(found[1]), 0)
  const [total, passed, skipped] = ['Total', 'Passed', 'Skipped'].map(sum)
  return { total, passed, skipped, failed: total - passed }
}
