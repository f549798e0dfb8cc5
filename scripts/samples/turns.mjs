// Which samples the tests run: bringing all of them up takes longer than a run of all tests may, so they take turns.
import { createHash } from 'node:crypto'
import { run } from '../lib/process.mjs'
import { root } from '../lib/project.mjs'
import { stacksOf } from './samples.mjs'

const ALWAYS = ['hello', 'whale']

/** The stacks of a collection that one run brings up. */
const AT_ONCE = 3

/**
 * Names of the samples whose turn it is. FLOTILLA_SAMPLES says which: `all`, or names with commas between them; otherwise those that are quick,
 * and one turn chosen by the commit, so that the same sources get the same verdict.
 */
export async function samplesOfTurn({ wanted = process.env.FLOTILLA_SAMPLES, commit = currentCommit() } = {}) {
  const turns = allTurns()
  if (wanted === 'all') return [...ALWAYS, ...turns.flat()]
  if (wanted) return wanted.split(',').flatMap((name) => [name, ...stacksOf(name)])
  return [...ALWAYS, ...(turns[numberOf(await commit, turns.length)] ?? [])]
}

export function allTurns() {
  return [['notebook'], ['notebook-tls'], ['rstudio'], ['graph'], ['panama'], ...chunks(stacksOf('anything'), AT_ONCE)]
}

/** From 0 to `limit`, exclusive. */
function numberOf(text, limit) {
  return createHash('sha256').update(text).digest().readUInt32BE() % Math.max(limit, 1)
}

/** Of an unpacked archive there is none. */
async function currentCommit() {
  const { code, output } = await run('git', ['rev-parse', 'HEAD'], { cwd: root })
  return code === 0 ? output.trim() : ''
}

function chunks(names, size) {
  return Array.from({ length: Math.ceil(names.length / size) }, (_, index) =>
    names.slice(index * size, (index + 1) * size),
  )
}
