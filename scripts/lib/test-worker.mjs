// Runs the test files that its parent names, one after the other, in one process: starting Node and loading flotilla takes longer than most
// files. Its argument is the folder of compiled tests. Each message `{ file }` is answered by `{ passed, failed, skipped, output }`.
import { pathToFileURL } from 'node:url'
import { compiled } from './compile-tests.mjs'

const folder = process.argv[2]

// uvu reads this switch when it is loaded: files add their suites to the queue, and `exec` runs them.
globalThis.UVU_DEFER = 1
const { exec } = await import('uvu')

process.on('message', async ({ file }) => process.send(await runFile(file)))
process.on('disconnect', () => process.exit(0))

async function runFile(file) {
  const captured = capture()
  try {
    globalThis.UVU_QUEUE.splice(0, Infinity, [null])
    await import(pathToFileURL(compiled(folder, file)).href)
    await exec(false)
    process.exitCode = 0
    return { ...countsIn(captured.text()), output: captured.text() }
  } catch (error) {
    return { passed: 0, failed: 1, skipped: 0, output: `${captured.text()}${error?.stack ?? error}\n` }
  } finally {
    captured.end()
  }
}

/** Both streams go into one text until the end. */
function capture() {
  let text = ''
  const streams = [process.stdout, process.stderr]
  const originals = streams.map((stream) => stream.write)
  const write = (chunk, encoding, done) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    const callback = typeof encoding === 'function' ? encoding : done
    if (callback) process.nextTick(callback)
    return true
  }
  for (const stream of streams) stream.write = write
  const end = () =>
    streams.forEach((stream, index) => {
      stream.write = originals[index]
    })
  return { text: () => text, end }
}

/** Reads uvu's summary. Its total leaves out what was skipped. A file in which no test ran has failed. */
function countsIn(output) {
  const [total, passed, skipped] = ['Total', 'Passed', 'Skipped'].map((word) =>
    Number(output.match(new RegExp(`^\\s*${word}:\\s+(\\d+)(?![\\s\\S]*^\\s*${word}:)`, 'm'))?.[1] ?? 0),
  )
  if (total + skipped === 0)
    return { passed, failed: 1, skipped, output: 'no test ran: does the file end with test.run()?' }
  return { passed, failed: total - passed, skipped }
}
