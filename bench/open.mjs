// What every measurement needs, and what is left behind of none.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findCompose } from '../scripts/compose-plugin.mjs'
import { UserError } from '../scripts/lib/process.mjs'
import { openEngine } from './engine.mjs'
import { machineFacts } from './machine.mjs'
import { measurer } from './measure.mjs'
import { subjects } from './subjects.mjs'

/** A network that the engine cannot remove keeps its range of addresses, of which there are about thirty. */
const MOST_LEAKS = 6
const REMOVAL_LIMIT = 60_000

/** Subjects, engine and measuring; `close` removes whatever was brought up under a name that `claim` gave. */
export async function openBench(signal) {
  const engine = await openEngine(console.log)
  const compose = await findCompose()
  if (!compose) console.log('There is no docker compose to compare with: `node scripts/compose-plugin.mjs` sets it up.')
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'))
  const run = randomBytes(3).toString('hex')
  const projects = []
  const leaks = []
  const overlooked = new UserError('The engine loses count of its endpoints too often: restart it first.')
  return {
    engine,
    folder,
    subjects: subjects({ folder, compose: compose?.words }),
    measure: await measurer({ folder, signal }),
    facts: await machineFacts(engine.port, compose),
    claim: () => projects[projects.push(`flotilla-bench-${run}-${projects.length + 1}`) - 1],
    leaks,
    leaked(project) {
      leaks.push(project)
      if (leaks.length >= MOST_LEAKS) throw overlooked
    },
    isOver: (error) => signal.aborted || error === overlooked,
    async close() {
      rmSync(folder, { recursive: true, force: true })
      for (const project of projects) await inTime(engine.remove(project), project)
      if (leaks.length > 0)
        console.log(
          `The engine cannot remove ${leaks.length} networks until it is restarted: it lost count of their endpoints.`,
        )
    },
  }
}

/** An engine can stop answering for good: then what may be left is said, and the process ends in spite of the open call. */
async function inTime(removal, project) {
  const late = sleep(REMOVAL_LIMIT, 'late', { ref: false })
  if ((await Promise.race([removal, late])) !== 'late') return
  setTimeout(() => process.exit(1), 1_000).unref()
  throw new UserError(`The engine does not answer: containers and networks of ${project} may be left.`)
}
