// Takes samples/lab to other engines: locks and packs it, unpacks it on an engine with empty data that reaches no network, brings it up as
// locked, compares images and data, and packs it there for the next one. Prints a table, and records it in docs/packing.md.
//   npm run elsewhere
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { change, checksums } from './elsewhere/data.mjs'
import { emptyEngine, titleOf } from './elsewhere/engines.mjs'
import { recordTable } from './elsewhere/record.mjs'
import { ensureEngine } from './engine.mjs'
import { engineClient } from './lib/engine-http.mjs'
import { run, runAsScript, UserError } from './lib/process.mjs'
import { ensureBuilt, root } from './lib/project.mjs'
import { prepare } from './samples/prepare.mjs'
import { sampleNamed } from './samples/samples.mjs'

const ROUTE = ['28', '28 with containerd', '20.10']
const PROJECT = 'flotilla-elsewhere'
const log = console.log

await runAsScript(import.meta.url, async () => {
  await ensureBuilt({ log })
  const endpoint = await ensureEngine({ log })
  const scene = mkdtempSync(join(tmpdir(), 'flotilla-elsewhere-'))
  const outer = engineClient(endpoint)
  try {
    recordTable(join(root, 'docs/packing.md'), 'elsewhere', tableOf(await journey(outer, endpoint, scene)))
  } finally {
    rmSync(scene, { recursive: true, force: true })
  }
})

async function journey(outer, endpoint, scene) {
  let here = await begin(outer, endpoint, scene)
  const rows = []
  try {
    for (const kind of ROUTE) {
      const engine = await emptyEngine(outer, kind, log)
      const next = await move(here, engine, join(scene, `at-${rows.length}`))
      rows.push({ from: here.title, to: engine.title, ...next.row })
      await here.end()
      here = { ...next, title: engine.title, end: () => ended(next, engine) }
    }
  } finally {
    await here.end()
  }
  return rows
}

/** The laboratory on the engine of this machine, in a folder of its own, with data that no seed made. */
async function begin(outer, endpoint, scene) {
  const folder = join(scene, 'lab')
  cpSync(join(root, 'samples/lab'), folder, { recursive: true })
  const { env } = await prepare(sampleNamed('lab'), { endpoint, log })
  const own = { ...env, COMPOSE_PROJECT_NAME: PROJECT, DOCKER_HOST: endpoint.host }
  const lab = labIn(folder, own)
  await lab.flotilla('up', '-d', '--wait', '--build')
  await change(lab.run, folder)
  const { Version } = await outer.get('/version')
  return { lab, title: titleOf(Version), end: () => lab.flotilla('down', '-v', '-t', '5') }
}

async function ended({ lab }, engine) {
  await lab.flotilla('down', '-v', '-t', '5')
  await engine.remove()
}

async function move({ lab }, engine, parent) {
  log(`\nTo ${engine.title}`)
  const before = await checksums(lab.run, lab.folder)
  const file = `${parent}.flotilla.tar`
  await lab.flotilla('lock')
  const packed = await timed(() => lab.flotilla('pack', '-o', file))
  mkdirSync(parent)
  const there = labIn(join(parent, 'lab'), { COMPOSE_PROJECT_NAME: PROJECT, DOCKER_HOST: engine.host })
  const unpacked = await timed(() => there.flotilla('unpack', '-o', there.folder, file))
  const up = await timed(() => there.flotilla('up', '-d', '--wait', '--locked'))
  await there.flotilla('verify')
  const after = await checksums(there.run, there.folder)
  if (!isDeepStrictEqual(before, after))
    throw new UserError(`the data differ: ${JSON.stringify({ before, after }, undefined, 2)}`)
  const tables = Object.keys(after).length
  return { lab: there, row: { bytes: statSync(file).size, packed, unpacked, up, tables } }
}

function labIn(folder, env) {
  const call = async (args, options = {}) => {
    const cwd = args[0] === 'unpack' ? root : folder
    const program = [join(root, 'dist/main.js'), ...args]
    const ran = await run(process.execPath, program, { cwd, env, ...options })
    if (ran.code !== 0) throw new UserError(`flotilla ${args.join(' ')} ended with ${ran.code}:\n${ran.output}`)
    return ran.output
  }
  const flotilla = (...args) => {
    log(`  flotilla ${args.join(' ')}`)
    return call(args)
  }
  const inside = (service, line, input) => call(['exec', '-T', service, 'sh', '-c', `${line} <<'END'\n${input}\nEND`])
  return { folder, flotilla, run: inside }
}

async function timed(work) {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

function tableOf(rows) {
  const head = ['from engine', 'to engine', 'file', 'pack', 'unpack', 'up', 'tables and files compared']
  const body = rows.map(({ from, to, bytes, packed, unpacked, up, tables }) => [
    from,
    to,
    `${(bytes / 1e6).toFixed(0)} MB`,
    ...[packed, unpacked, up].map((seconds) => `${seconds.toFixed(0)} s`),
    `${tables}, all the same`,
  ])
  return [head, ...body]
}
