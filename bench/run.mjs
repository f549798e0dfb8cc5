// `npm run bench`: flotilla beside `docker compose` and beside the floor, interleaved, several rounds. See docs/benchmark.md.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runAsScript, UserError, withoutExtraCertificates } from '../scripts/lib/process.mjs'
import { ensureBuilt, root } from '../scripts/lib/project.mjs'
import { carryOut } from './carry-out.mjs'
import { casesFor } from './cases.mjs'
import { parseFlags } from './flags.mjs'
import { busyness } from './machine.mjs'
import { openBench } from './open.mjs'
import { publish } from './publish.mjs'
import { collector } from './results.mjs'
import { duration, OPERATIONS, report } from './table.mjs'
import { judge } from './targets.mjs'

const RESULTS = join(root, 'bench/results/latest.json')

async function main() {
  const flags = parseFlags(process.argv.slice(2))
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'])
    process.on(name, () => interrupted.abort(new UserError('Interrupted: everything is removed.')))
  await ensureBuilt({ log: console.log })
  withoutExtraCertificates()
  const bench = await openBench(interrupted.signal)
  try {
    const results = await measureAll(bench, flags)
    mkdirSync(join(RESULTS, '..'), { recursive: true })
    writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
    console.log(`\n${report(results)}\n\nThe numbers are in ${RESULTS}.`)
    for (const { case: name, subject, message } of results.failures)
      console.log(`Left out: ${[name, subject].filter(Boolean).join(', ')}: ${message.split('\n')[0]}`)
    if (flags.complete && results.failures.length === 0) console.log(`Published in ${publish(results).join(' and ')}.`)
  } finally {
    await bench.close()
  }
}

/** How busy the machine is before the bench begins. */
async function quiet() {
  const elapsed = busyness()
  await sleep(2_000)
  return elapsed().processorsBusy
}

/** So many failures are no accident any more. */
const MOST_FAILURES = 8

/**
 * Subject after subject within a case, case after case within a round, and each round begins with another subject. A failure costs the
 * samples of one subject, case and round; after many, or an interrupt, what was measured so far is the result.
 */
async function measureAll(bench, flags) {
  const results = collector()
  const failures = []
  const before = await quiet()
  const elapsed = busyness()
  try {
    for (const turn of turns(flags, bench.subjects)) {
      await measureOne(bench, turn, results, failures)
      if (failures.length >= MOST_FAILURES) throw new UserError(`${MOST_FAILURES} measurements failed.`)
    }
  } catch (error) {
    if (!(error instanceof UserError) || results.rows().length === 0) throw error
    failures.push({ message: `stopped before the end: ${error.message}` })
    console.log(error.message)
  }
  const rows = results.rows()
  const busy = { ...elapsed(), processorsBusyBefore: before }
  return {
    machine: { ...bench.facts, ...busy },
    rounds: flags.rounds,
    leakedNetworks: bench.leaks.length,
    failures,
    rows,
    targets: judge(rows),
  }
}

/** Everything that is to be measured, in order. */
function turns(flags, subjects) {
  const rounds = Array.from({ length: flags.rounds }, (_, round) => round)
  return rounds.flatMap((round) =>
    casesFor(flags)
      .filter((each) => round < each.rounds)
      .flatMap((each) => rotated(subjects, round).map((subject) => ({ each, subject, round }))),
  )
}

async function measureOne(bench, { each, subject, round }, results, failures) {
  const label = `round ${round + 1}/${each.rounds}  ${each.name}, ${subject.name}`
  try {
    const samples = await carryOut(bench, each, subject)
    for (const [operation, sample] of samples) results.add(each, operation, subject.name, sample, round)
    console.log(`${label}: ${inWords(samples)}`)
  } catch (error) {
    if (bench.isOver(error)) throw error
    failures.push({ case: each.name, subject: subject.name, round, message: error.message })
    console.log(`${label}: failed, and is left out: ${error.message}`)
  }
}

function rotated(list, by) {
  const from = by % list.length
  return [...list.slice(from), ...list.slice(0, from)]
}

function inWords(samples) {
  return samples.map(([operation, { ms }]) => `${OPERATIONS[operation]} ${duration(ms)}`).join(', ')
}

await runAsScript(import.meta.url, main)
