// Which live tests run on which engines. All run on the engine of this machine.
import { ensureNewerEngine, inNetworkOf, noNewerEngine } from '../newer-engine.mjs'
import { chosenEndpoint } from './endpoint.mjs'
import { engineClient } from './engine-http.mjs'
import { UserError } from './process.mjs'
import { sweep } from './sweep.mjs'

/**
 * Live tests that say nothing about a version of the engine: they are about terminals, streams, loading, watching files, other programs,
 * other versions of Node, or about what the command line does before it speaks to an engine, or they start the machine's engine themselves.
 */
const ONE_ENGINE =
  /^test\/live\/(clients\/.*|dry-run|\w+\/(attach|attached|attached-compared|calls|commands|config|config-flags|connect|elsewhere|exec|guard|handover|init|menu|nodes|plugin|provider|restart|run|secrets|streams|watch))\.test\.ts$/

/**
 * The same of what flotilla decides by itself, from answers that test/live/engines/engine.test.ts checks on each engine: the order of hooks,
 * which containers a verb is about, which of two commands goes first, which data a database server may have. Each engine has its own words
 * for a hook that cannot run: `missed-hooks` tries them.
 */
const DECISIONS = /^test\/live\/\w+\/(database|early-pass|existing|hooks|scale|together|verbs-compared)\.test\.ts$/

/** An engine's store of images is another program: builds, pulls, comparisons of images, and containers that are recreated. */
const STORE_OF_IMAGES = /^test\/live\/\w+\/(build|change|lock|pack|pull|rollback|transfer|unpack)\.test\.ts$/

const isForEachEngine = (file) => !ONE_ENGINE.test(file) && !DECISIONS.test(file)

/** The further engines, and what runs on each. The machine's own engine tries images in the older store. */
const ENGINES = [
  { title: 'newer engine', store: 'graph', runs: (file) => isForEachEngine(file) && !STORE_OF_IMAGES.test(file) },
  {
    title: 'newer engine with the store of containerd',
    store: 'containerd',
    runs: (file) => STORE_OF_IMAGES.test(file),
  },
]

/**
 * Resolves to one entry for every further engine that some of the live tests run on: `{ title, files, env, within }`, or `skip`, the reason
 * why it cannot be had here. An engine that the user chose is the only one.
 */
export async function ensureTestEngines(live, { log }) {
  const wanted = ENGINES.map(({ runs, ...engine }) => ({ ...engine, files: live.filter(runs) }))
  const needed = chosenEndpoint() ? [] : wanted.filter(({ files }) => files.length > 0)
  const found = []
  // One after the other: the second finds the first one's image.
  for (const engine of needed) found.push({ ...engine, ...(await start(engine, log)) })
  return found
}

async function start({ store }, log) {
  const reason = noNewerEngine()
  if (reason) return { skip: reason }
  try {
    const engine = await ensureNewerEngine({ store, log })
    await sweep(engineClient(engine), 10)
    return { env: { DOCKER_HOST: engine.host }, within: (command) => inNetworkOf(engine, command) }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { skip: `a newer engine cannot be had here: ${error.message.split('\n')[0]}` }
  }
}
