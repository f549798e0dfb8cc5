// Test files in a process of their own, with a limit to its time.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Ample for the slowest on two cores; the laboratory's first run builds its images. */
const LIMIT_SECONDS = { pure: 300, live: 420, lab: 2700 }

const BATCH_LIMIT_SECONDS = 600

const BEFORE = new URL('./before-test.mjs', import.meta.url).href
const BATCH = fileURLToPath(new URL('./test-batch.mjs', import.meta.url))

/**
 * Pure tests that say nothing about a version of Node, and take long: laws of the planner, hostile files and engines behind each command (the
 * engine's client itself is tried on each version), the growth of processor time, the package.
 */
const ONE_VERSION =
  /^test\/(backend\/engine\/(killed|faults|laws|verbs-laws|in-flight)|load\/(fuzz|growth)|c(li|ommand)\/hostile|cli\/package)\.test\.ts$/

export function kindOf(file) {
  if (file.startsWith('test/lab/')) return 'lab'
  return file.startsWith('test/live/') ? 'live' : 'pure'
}

export function isForEveryNode(file) {
  return kindOf(file) === 'pure' && !ONE_VERSION.test(file)
}

/**
 * `title` says where it runs, if not on the engine of this machine; `within` gives the command that runs another command there.
 * @returns {Promise<{file, passed, failed, skipped, seconds, output}>} a file that ran no test has failed
 */
export function runTestFile(file, { title, ...options }) {
  const shown = title ? `${file} (${title})` : file
  return runTests({ file: shown, args: [file], limit: LIMIT_SECONDS[kindOf(file)] }, options)
}

/** Runs pure test files in one process of another version of Node. */
export function runBatch(files, version, node, options) {
  const file = `Node ${version}: ${files.length} files of pure tests`
  return runTests({ file, args: [BATCH, ...files], limit: BATCH_LIMIT_SECONDS, node }, options)
}

async function runTests({ file, args, limit, node = process.execPath }, options) {
  const began = performance.now()
  const { output, code, timedOut } = await runLimited([node, ...args], limit, options)
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

function runLimited([node, ...words], seconds, { within = (command) => command, ...options }) {
  return new Promise((resolve) => {
    const args = ['--enable-source-maps', '--import', 'tsx', '--import', BEFORE, ...words]
    // A group of its own, so that what a hanging test started ends with it.
    const [program, ...rest] = within([node, ...args])
    const child = spawn(program, rest, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
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
