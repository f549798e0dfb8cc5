// Programs that drive `docker compose`, each first with docker compose and then with flotilla under its name.
// devcontainers and ansible run only where they are named.
//   npm run clients [-- CLIENT…] [--check PATTERN]… [--at-once NUMBER] [--publish]
// Prints every check that differs; exits 1 where flotilla is at fault. --publish writes the tables of docs/clients.md, with the results
// of earlier runs for checks that did not run in this one.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { withRegistry } from '../test/live/registry.ts'
import { liveEngine } from '../test/support/live.ts'
import { ensureScratchImage } from '../test/support/scratch-image.ts'
import { compare } from './clients/lib/compare.mjs'
import { plugins } from './clients/lib/plugins.mjs'
import { fault, publish } from './clients/lib/report.mjs'
import { withSaved } from './clients/lib/saved.mjs'
import { ensureEngine } from './engine.mjs'
import { runAsScript, UserError } from './lib/process.mjs'
import { ensureBuilt } from './lib/project.mjs'
import { ensureTools } from './lib/test-tools.mjs'

const CLIENTS = ['docker-compose', 'testcontainers']
const log = console.log

async function main() {
  const { values, positionals } = parseArgs({
    options: { check: { type: 'string', multiple: true }, 'at-once': { type: 'string' }, publish: { type: 'boolean' } },
    allowPositionals: true,
  })
  const clients = positionals.length > 0 ? positionals : CLIENTS
  await prepare()
  const atOnce = values['at-once'] && Number(values['at-once'])
  const results = await withWorld((world) => compareAll(clients, world, { patterns: values.check, atOnce, ...values }))
  process.exitCode = results.some(({ rows }) => rows.some(fault)) ? 1 : 0
}

async function prepare() {
  await ensureBuilt({ log })
  await ensureEngine({ log })
  Object.assign(process.env, await ensureTools({ log }))
  const live = await liveEngine()
  if (live.skip) throw new UserError(live.skip)
  process.env.CLIENTS_IMAGE = await ensureScratchImage(live.engine)
}

async function withWorld(body) {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-clients-'))
  try {
    const image = process.env.CLIENTS_IMAGE
    return await withRegistry(async (registry) => {
      const world = { folder, image, registry, plugins: await plugins(folder, { log }) }
      return await body(world)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compareAll(clients, world, { patterns = [''], atOnce, publish: isPublished }) {
  const chosen = (name) => patterns.some((pattern) => new RegExp(pattern).test(name))
  const done = async (part) => {
    for (const row of part.rows) print(part, row)
    await withSaved(part, world.plugins)
  }
  const results = []
  for (const client of clients) {
    const result = await compare(client, world, { chosen, atOnce, done, log })
    if (isPublished) publish(await withSaved(result, world.plugins), world.plugins)
    results.push(result)
  }
  return results
}

function print({ title }, row) {
  const word = row.isSame ? 'ok  ' : fault(row) ? 'FAIL' : row.reason ? 'diff' : 'none'
  const seconds = [row.theirs, row.ours].map((side) => side.seconds?.toFixed(1) ?? '-').join(' / ')
  log(`${word} ${title}: ${row.name}  ${seconds} s`)
  if (word === 'FAIL') log(`     ${fault(row)}`)
  if (word === 'none') log(`     fails with docker compose: ${row.theirs.message}`)
}

await runAsScript(import.meta.url, main)
