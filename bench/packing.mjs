// How long packing and unpacking take, against what docker and zstd need for the same images, in the same run.
//   npm run bench:packing [-- --rounds 3]
// Packs two images of the laboratory, and unpacks them on an engine with empty data. Prints a table, and records it in docs/packing.md.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { emptyEngine } from '../scripts/elsewhere/engines.mjs'
import { recordTable } from '../scripts/elsewhere/record.mjs'
import { ensureEngine } from '../scripts/engine.mjs'
import { engineClient } from '../scripts/lib/engine-http.mjs'
import { runAsScript, UserError, which, withoutExtraCertificates } from '../scripts/lib/process.mjs'
import { ensureBuilt, root } from '../scripts/lib/project.mjs'
import { measurer } from './measure.mjs'
import { median } from './statistics.mjs'

const IMAGES = ['flotilla-lab-mysql:1', 'flotilla-lab-postgis:1']
const FLOTILLA = [process.execPath, join(root, 'dist/main.js')]
const log = console.log

/** What is measured, what it is compared with, and what the ratio should not exceed. */
const ROWS = [
  { name: 'pack --compress none', floor: 'docker save, zstd -3', most: 1.3 },
  { name: 'pack', floor: 'docker save, zstd -3', most: 2.2 },
  { name: 'unpack', floor: 'docker load and a read of the file', most: 1.3 },
]

await runAsScript(import.meta.url, async () => {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } })
  withoutExtraCertificates()
  await ensureBuilt({ log })
  for (const program of ['docker', 'zstd'])
    if (!which(program)) throw new UserError(`this benchmark needs the program ${program}`)
  const endpoint = await ensureEngine({ log })
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-packing-'))
  try {
    const samples = await allRounds(Number(values.rounds), { endpoint, folder })
    recordTable(join(root, 'docs/packing.md'), 'bench:packing', tableOf(samples))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

async function allRounds(rounds, { endpoint, folder }) {
  const outer = engineClient(endpoint)
  for (const image of IMAGES)
    if (!(await outer.hasImage(image))) throw new UserError(`${image} is missing: npm run demo builds it`)
  const stack = join(folder, 'stack')
  mkdirSync(stack)
  const services = Object.fromEntries(IMAGES.map((image, at) => [`service${at}`, { image }]))
  writeFileSync(join(stack, 'stack.yaml'), JSON.stringify({ name: 'bench', services }))
  const measure = await measurer({ folder, signal: new AbortController().signal })
  const samples = []
  for (let round = 1; round <= rounds; round++) {
    log(`Round ${round} of ${rounds}`)
    samples.push(await oneRound(measure, { outer, host: endpoint.host, folder, stack }))
  }
  return samples
}

async function oneRound(measure, { outer, host, folder, stack }) {
  const env = { ...process.env, DOCKER_HOST: host }
  const file = (name) => join(folder, name)
  const shell = (line, more = env) => measure(['sh', '-c', line], { env: more })
  const pack = (name, ...flags) => measure([...FLOTILLA, 'pack', '-o', file(name), ...flags], { cwd: stack, env })
  const found = {}
  found['docker save, zstd -3'] = await shell(`docker save ${IMAGES.join(' ')} | zstd -q -3 -f -o ${file('saved.zst')}`)
  found['pack --compress none'] = await pack('none.tar', '--compress', 'none')
  found.pack = await pack('gzip.tar')
  await shell(`docker save -o ${file('saved.tar')} ${IMAGES.join(' ')}`)
  found['docker load and a read of the file'] = await onEmpty(outer, (own) =>
    shell(`cat ${file('none.tar')} > /dev/null && docker load -q -i ${file('saved.tar')}`, own),
  )
  found.unpack = await onEmpty(outer, (own) =>
    measure([...FLOTILLA, 'unpack', '-o', file('unpacked'), file('none.tar')], { cwd: folder, env: own }),
  )
  rmSync(file('unpacked'), { recursive: true })
  rmSync(file('none.tar'))
  rmSync(file('gzip.tar'))
  return found
}

/** Each on an engine that has nothing yet. */
async function onEmpty(outer, work) {
  const engine = await emptyEngine(outer, '28', log)
  try {
    return await work({ ...process.env, DOCKER_HOST: engine.host })
  } finally {
    await engine.remove()
  }
}

function tableOf(samples) {
  const of = (name, key) => samples.map((each) => each[name][key])
  return [
    ['', 'time', 'compared with', 'time', 'ratio', 'target', 'memory'],
    ...ROWS.map(({ name, floor, most }) => {
      const [own, theirs] = [of(name, 'ms'), of(floor, 'ms')]
      const ratio = median(own.map((ms, at) => ms / theirs[at]))
      const seconds = (all) => `${(median(all) / 1000).toFixed(1)} s`
      const memory = of(name, 'memory').every(Number.isFinite) ? `${Math.max(...of(name, 'memory')).toFixed(0)} MB` : ''
      return [`\`${name}\``, seconds(own), floor, seconds(theirs), ratio.toFixed(2), `at most ${most}`, memory]
    }),
  ]
}
