// Compares `flotilla config` with `docker compose config`, verdict and model, path by path.
//   node scripts/compare-config.mjs [--record] [FOLDER…]
// Without folders: the corpus, test/load/corpus. Exits 1 where a difference is not in its list, differences.json.
// --record writes what docker compose says beside the cases instead.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findCompose } from './compose-plugin.mjs'
import { casesIn, writeRecords } from './lib/corpus.mjs'
import { differences, listedDifference } from './lib/models.mjs'
import { runAsScript, UserError } from './lib/process.mjs'

const ROOT = join(import.meta.dirname, '..')
export const CORPUS = join(ROOT, 'test/load/corpus')
const FLOTILLA = [process.execPath, join(ROOT, 'dist/main.js')]
const AT_ONCE = 4

/** The words that start docker compose. Throws UserError where there is none. */
async function compose() {
  const found = await findCompose()
  if (!found) throw new UserError('there is no docker compose to compare with: node scripts/compose-plugin.mjs')
  return found.words
}

/** What a tool says of a case: `{ refused: true, said }` or `{ model }`. */
export function configOf(words, { args, flags = [], env, cwd, stdin }) {
  return new Promise((done) => {
    const [command, ...first] = words
    const own = { PATH: process.env.PATH, DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? join(homedir(), '.docker') }
    const argv = [...first, ...args, 'config', '--format', 'json', ...flags]
    const child = spawn(command, argv, { cwd, env: { ...own, ...env } })
    const texts = { out: '', err: '' }
    const collect = (key) => (text) => {
      texts[key] += text
    }
    child.stdout.setEncoding('utf8').on('data', collect('out'))
    child.stderr.setEncoding('utf8').on('data', collect('err'))
    child.on('error', (error) => done({ refused: true, said: error.message }))
    child.on('close', (code) =>
      done(code === 0 ? { model: JSON.parse(texts.out) } : { refused: true, said: texts.err }),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
  })
}

async function record(root) {
  const words = await compose()
  const cases = casesIn(root)
  const results = await inTurn(cases, (each) => configOf(words, each))
  for (const theme of new Set(cases.map((each) => each.theme))) {
    const records = cases.flatMap(({ name, theme: own }, index) =>
      own === theme ? [{ case: name, ...withoutWords(results[index]) }] : [],
    )
    writeRecords(root, theme, records)
  }
  console.log(`${cases.length} cases recorded, ${results.filter(({ refused }) => refused).length} of them refused`)
}

function withoutWords({ said: _, ...result }) {
  return result
}

async function compare(root, listed) {
  const words = await compose()
  const cases = casesIn(root)
  const results = await inTurn(cases, async (each) => [await configOf(words, each), await configOf(FLOTILLA, each)])
  const found = cases.flatMap(({ name }, index) => {
    const [theirs, ours] = results[index]
    return differences(theirs, ours).map((each) => ({ ...each, name, said: theirs.said ?? ours.said }))
  })
  const unlisted = found.filter((each) => !listedDifference(listed, each.name, each))
  for (const each of unlisted) console.log(line(each))
  const same = cases.length - new Set(found.map(({ name }) => name)).size
  const refused = results.filter(([theirs]) => theirs.refused).length
  console.log(`${root}: ${cases.length} cases, ${refused} refused by docker compose; ${same} the same`)
  console.log(`${found.length} differences, ${found.length - unlisted.length} of them listed, with a reason`)
  return unlisted.length
}

function line({ name, path, theirs, ours, said }) {
  const because = path === 'verdict' ? `  ${said.trim().split('\n').at(-1)}` : ''
  return `${name}  ${path}\n    docker compose: ${shown(theirs)}\n    flotilla:       ${shown(ours)}${because}`
}

function shown(value) {
  return value === undefined ? '(not there)' : JSON.stringify(value)
}

/** Results in the order of the items, a few under way at a time. */
async function inTurn(items, work) {
  const results = []
  let next = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next++
      results[index] = await work(items[index])
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return results
}

await runAsScript(import.meta.url, async () => {
  const { values, positionals } = parseArgs({ options: { record: { type: 'boolean' } }, allowPositionals: true })
  const roots = positionals.length > 0 ? positionals.map((folder) => resolve(folder)) : [CORPUS]
  const listed = JSON.parse(readFileSync(join(CORPUS, '../differences.json'), 'utf8'))
  for (const root of roots) {
    if (values.record) await record(root)
    else if ((await compare(root, listed)) > 0) process.exitCode = 1
  }
})
