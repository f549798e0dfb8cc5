// One client's checks, first with docker compose, then with flotilla.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { freePort } from '../../lib/ports.mjs'

const WORKER = join(import.meta.dirname, 'worker.mjs')

/** Checks wait for programs and containers most of the time. */
const AT_ONCE = 3

/**
 * Resolves to `{ client, title, version, all, reasons, rows }`: `all` names the client's checks, chosen or not; a row a chosen check:
 * `{ name, theirs, ours, isSame, reason }`, where each side is `{ passed, seen, message, seconds }`. A check passes with flotilla only if the client has seen the same.
 * @param world `{ plugins, folder, image, registry }` of every client
 * @param options `chosen(name)` says whether a check runs; `done(rows)` is called with a result for each few checks, as soon as they have ended
 */
export async function compare(client, world, { chosen: isChosen, atOnce = AT_ONCE, done = () => undefined, log }) {
  const { title, install, checks, reasons = {} } = await import(`../${client}.mjs`)
  const place = await install({ log })
  const chosen = Object.keys(checks).filter(isChosen)
  const result = { client, title, version: place.version, all: Object.keys(checks), reasons, rows: [] }
  const port = await freePort()
  for (const names of partsOf(chosen, 2 * atOnce)) {
    const sides = []
    for (const plugin of world.plugins) {
      log(`${title} ${place.version} with ${plugin.name} ${plugin.version} …`)
      sides.push(await runChecks({ client, place, names, port, atOnce }, plugin, { ...world, log }))
    }
    const rows = names.map((name) => rowOf(name, sides, reasons[name]))
    result.rows.push(...rows)
    await done({ ...result, rows })
  }
  return result
}

function partsOf(all, length) {
  return Array.from({ length: Math.ceil(all.length / length) }, (_, at) => all.slice(at * length, (at + 1) * length))
}

function rowOf(name, sides, reason) {
  const none = { passed: false, message: 'the check has not ended' }
  const [theirs, ours] = sides.map((side) => side.find((each) => each.name === name) ?? none)
  const isSame = theirs.passed && ours.passed && isDeepStrictEqual(theirs.seen, ours.seen)
  return { name, theirs, ours, isSame, reason }
}

function runChecks(what, { config }, { plugins: _, folder, log, ...world }) {
  const { DOCKER_CONTEXT, NODE_V8_COVERAGE, ...env } = process.env
  const given = { ...what, ...world, id: `clients-${process.pid}`, folder: join(folder, 'scenes') }
  const child = fork(WORKER, [JSON.stringify(given)], {
    ...(what.place.node && { execPath: what.place.node }),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...env, ...what.place.env, DOCKER_CONFIG: config, XDG_STATE_HOME: join(folder, 'state') },
  })
  const outcomes = []
  child.on('message', (outcome) => {
    outcomes.push(outcome)
    log(`  ${outcome.name}: ${outcome.passed ? `ended after ${outcome.seconds.toFixed(1)} s` : outcome.message}`)
  })
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', () => resolve(outcomes)))
}
