// Test files: their kinds, how long they may take, and which of them need a process of their own.
import { TestProcess } from './test-process.mjs'

/** Ample for the slowest on two cores; the laboratory's first run builds its images. */
const LIMIT_SECONDS = { pure: 600, live: 420, lab: 2700 }

/**
 * Pure tests that say nothing about a version of Node, and take a second or more: the planner's tables, functions of values that each command
 * on an engine in memory uses on each version; laws of plans, of a load and of masking; hostile files and engines behind each command,
 * answers with wrong values (the ways in which an engine breaks HTTP are tried on each version); the growth of processor time; the package.
 */
const ONE_VERSION =
  /^test\/(backend\/engine\/(growth\.|(compare|laws|observe|plan)\/)|load\/(explain|fuzz|growth|laws)\.|view\/masking-laws\.|cli\/(hostile|package)\.|docker\/adapter\/hostile-values\.|command\/(.*\/)?(apply|commands|config-flags|hidden|hostile|saved-plan-laws|verbs)\.)/

/** Tests that measure memory or processor time, which files before them in the same process would change. */
const ALONE =
  /^test\/(load\/(bounds|growth|fuzz)|backend\/engine\/growth|cli\/(hostile|startup)|command\/(.*\/)?hostile)\.test\.ts$/

/** Half a minute or more on two cores. */
const LONG =
  /^test\/(backend\/engine\/(growth|laws\/(faults|in-flight|killed|laws))|live\/(lifecycle\/(verbs.*|moments|up|change|failure|resources|hooks)|engines\/engine|interference\/(killed|chaos)|commands\/(attached|guard|run|build|copy)))\.test\.ts$/

export function kindOf(file) {
  if (file.startsWith('test/lab/')) return 'lab'
  return file.startsWith('test/live/') ? 'live' : 'pure'
}

export function isForEveryNode(file) {
  return kindOf(file) === 'pure' && !ONE_VERSION.test(file)
}

/**
 * Runs batches of jobs `{ file, place }` in order, as many jobs at a time as there are workers; those of one place share a process per
 * worker. A batch may be a promise, which is awaited once all jobs before it have begun.
 * A place is that of a `TestProcess` with a `title`, if it is not this machine's Node and engine.
 * @param report called with each result `{ file, title, passed, failed, skipped, seconds, output }` as it comes
 */
export async function runJobs(batches, { workers, report }) {
  const jobs = inOrder(batches)
  const results = []
  const work = async () => {
    const mine = new Worker()
    for await (const job of jobs) {
      const result = await mine.run(job)
      report(result)
      results.push(result)
    }
    await mine.end()
  }
  await Promise.all(Array.from({ length: workers }, work))
  return results
}

async function* inOrder(batches) {
  for (const batch of batches) yield* longestFirst(await batch)
}

/** What takes long begins early, so that no worker waits for the last one; the others keep their order. */
function longestFirst(jobs) {
  const isLong = ({ file }) => LONG.test(file)
  return [...jobs.filter(isLong), ...jobs.filter((job) => !isLong(job))]
}

class Worker {
  #place
  #process

  async run({ file, place, skip }) {
    const named = { file, title: place?.title }
    if (skip) return { ...named, passed: 0, failed: 0, skipped: 1, seconds: 0, output: `skipped: ${skip}` }
    if (place !== this.#place) {
      await this.end()
      this.#place = place
      this.#process = new TestProcess(place)
    }
    const limit = LIMIT_SECONDS[kindOf(file)]
    if (!ALONE.test(file)) return { ...named, ...(await this.#process.run(file, limit)) }
    const own = new TestProcess(place)
    const result = await own.run(file, limit)
    await own.end()
    return { ...named, ...result }
  }

  async end() {
    await this.#process?.end()
  }
}
