// Brings up the engine that most people have: a newer one than Debian's stable release, as a container of the engine that answers
// here, with data and a network of its own. Prints its DOCKER_HOST; quick and harmless when it is up already.
//   export DOCKER_HOST=$(node scripts/newer-engine.mjs)                   its images in graph drivers
//   export DOCKER_HOST=$(node scripts/newer-engine.mjs --store containerd) its images in containerd's store
//   node scripts/newer-engine.mjs [--store containerd] -- CMD …           CMD with that engine, in its network (takes root):
//                                                                         127.0.0.1 is where its ports are published
//   node scripts/newer-engine.mjs --remove                                both engines and their data
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { ensureBases } from './base-images.mjs'
import { ensureEngine } from './engine.mjs'
import { engineClient } from './lib/engine-http.mjs'
import { ensureEngineImage } from './lib/engine-image.mjs'
import { reasonAgainst, removeEngine, startEngineIn } from './lib/nested-engine.mjs'
import { runAsScript, UserError } from './lib/process.mjs'

/** Every engine's name, by the store of its images. */
const ENGINES = { graph: 'flotilla-newer', containerd: 'flotilla-newer-containerd' }
export const STORES = Object.keys(ENGINES)

/** What tests use on every engine; a newer one gets it from the machine's own, where that has it. */
const SHARED_IMAGES = ['flotilla-test:busybox', 'flotilla-test:declares']

/** Why this machine cannot run one; undefined if it may be able to. */
export function noNewerEngine() {
  return reasonAgainst()
}

/**
 * Resolves to `{ host, apiVersion, pid }`: its DOCKER_HOST, and a process in its network.
 * `store` is where it keeps its images: `graph` or `containerd`.
 */
export async function ensureNewerEngine({ store = 'graph', log = console.log } = {}) {
  const reason = reasonAgainst()
  if (reason) throw new UserError(reason)
  const outer = engineClient(await ensureEngine({ log }))
  const flags = store === 'containerd' ? ['--feature', 'containerd-snapshotter=true'] : []
  const image = () => ensureEngineImage(outer, { log, base: () => base(log) })
  const started = await startEngineIn(outer, { name: ENGINES[store], image, flags, log })
  await shareImages(outer, engineClient({ host: started.host, from: 'this script' }), log)
  return started
}

/** How a command is run in the network of an engine that `ensureNewerEngine` gave. */
export function inNetworkOf({ pid }, command) {
  return ['nsenter', '--target', `${pid}`, '--net', '--', ...command]
}

async function base(log) {
  const { LAB_BASE = 'debian' } = await ensureBases({ log, suites: ['sid'] })
  return `${LAB_BASE}:sid-slim`
}

async function shareImages(outer, inner, log) {
  for (const name of SHARED_IMAGES) {
    if ((await inner.hasImage(name)) || !(await outer.hasImage(name))) continue
    log(`Copying ${name} …`)
    const body = await outer.open(`/images/${name}/get`)
    await inner.stream('POST', '/images/load?quiet=1', { body, headers: { 'content-type': 'application/x-tar' } })
  }
}

await runAsScript(import.meta.url, async () => {
  const { values, positionals } = parseArgs({
    options: { store: { type: 'string', default: 'graph' }, remove: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  if (!STORES.includes(values.store)) throw new UserError(`--store takes ${STORES.join(' or ')}.`)
  if (values.remove) return removeAll()
  const engine = await ensureNewerEngine({ store: values.store, log: console.error })
  if (positionals.length === 0) return console.log(engine.host)
  process.exitCode = await runWith(engine, positionals)
})

async function removeAll() {
  const outer = engineClient(await ensureEngine({ log: console.error }))
  for (const name of Object.values(ENGINES)) await removeEngine(outer, name)
}

async function runWith(engine, command) {
  const [program, ...args] = inNetworkOf(engine, command)
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, DOCKER_HOST: engine.host } })
  const [code] = await once(child, 'exit')
  return code ?? 1
}
