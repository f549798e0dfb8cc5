// `npm run bench`: flotilla beside `docker compose` and beside the floor, interleaved, several rounds. See docs/benchmark.md.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runAsScript, UserError } from '../scripts/lib/process.mjs'
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
  const bench = await openBench(interrupted.signal)
  try {
    const results = await measureAll(bench, flags)
    mkdirSync(join(RESULTS, '..'), { recursive: true })
    writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`)
    console.log(`\n${report(results)}\n\nThe numbers are in ${RESULTS}.`)
    if (flags.complete) console.log(`Published in ${publish(results).join(' and ')}.`)
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

/** Subject after subject within a case, case after case within a round, and each round begins with another subject. */
async function measureAll(bench, flags) {
  const results = collector()
  const cases = casesFor(flags)
  const before = await quiet()
  const elapsed = busyness()
  for (let round = 0; round < flags.rounds; round++) {
    for (const each of cases) {
      for (const subject of rotated(bench.subjects, round)) {
        const samples = await carryOut(bench, each, subject)
        for (const [operation, sample] of samples) results.add(each, operation, subject.name, sample)
        console.log(`round ${round + 1}/${flags.rounds}  ${each.name}, ${subject.name}: ${inWords(samples)}`)
      }
    }
  }
  const rows = results.rows()
  const busy = { ...elapsed(), processorsBusyBefore: before }
  return {
    machine: { ...bench.facts, ...busy },
    rounds: flags.rounds,
    leakedNetworks: bench.leaks.length,
    rows,
    targets: judge(rows),
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
