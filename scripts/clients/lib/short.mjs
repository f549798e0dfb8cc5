// The part of the comparison that `npm test` makes: some checks of clients that npm has.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../lib/process.mjs'
import { compare } from './compare.mjs'
import { plugins } from './plugins.mjs'
import { fault } from './report.mjs'

const FROM_NPM = ['docker-compose', 'testcontainers', 'devcontainers']

/** Fetches the packages before tests run; says which cannot be had. */
export async function ensureClients({ log }) {
  for (const client of FROM_NPM) {
    const reason = await missing(client, { log })
    if (reason) log(`No test with ${client}: ${reason}`)
  }
}

/** Why a client cannot be had; undefined: it is there. */
async function missing(client, { log }) {
  const { install } = await import(`../${client}.mjs`)
  try {
    await install({ log })
    return undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return error.message.split('\n')[0]
  }
}

/** Resolves to `{ skip }`, a reason, or `{ run }`, which resolves to rows of `compare`, each with its `fault`. */
export async function shortComparison(client, { image, log }) {
  const skip = await missing(client, { log })
  if (skip) return { skip }
  return { run: () => compareShort(client, { image, log }) }
}

async function compareShort(client, { image, log }) {
  const { short } = await import(`../${client}.mjs`)
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-clients-'))
  try {
    const world = { folder, image, plugins: await plugins(folder, { log }) }
    const { rows } = await compare(client, world, { chosen: (name) => short.includes(name), log })
    return rows.map((row) => ({ ...row, fault: fault(row) }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
