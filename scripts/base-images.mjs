// Makes sure that the base images of samples/lab are there: Debian's official slim images or, where no registry can be
// asked for them, images made from Debian's packages under a name of their own.
import { ensureEngine } from './engine.mjs'
import { install, isDebianFamily } from './lib/apt.mjs'
import { bootstrap } from './lib/bootstrap.mjs'
import { engineClient } from './lib/engine-http.mjs'
import { rootPrefix, runAsScript, UserError, which } from './lib/process.mjs'

export const SUITES = ['bookworm', 'trixie', 'sid']

const OFFICIAL = 'debian'
const HOMEMADE = 'flotilla-base'
const REGISTRY_TIMEOUT = 15_000
const PROGRESS_INTERVAL = 10_000
const ENGINE_ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' }

/** Resolves to the environment that samples/lab needs for its bases: `{}`, or `{ LAB_BASE: … }`. */
export async function ensureBases({ log = console.log, suites = SUITES, endpoint } = {}) {
  const wanted = process.env.LAB_BASE
  if (wanted && wanted !== HOMEMADE) return { LAB_BASE: wanted }
  const engine = engineClient(endpoint ?? (await ensureEngine({ log })))
  if (!wanted && (await ensureOfficial(engine, suites, log))) return {}
  await makeMissing(engine, suites, log)
  return { LAB_BASE: HOMEMADE }
}

/** Whether the official images are there in the end. A machine that has made its own already asks no registry. */
async function ensureOfficial(engine, suites, log) {
  const missing = await missingImages(engine, OFFICIAL, suites)
  if (missing.length === 0) return true
  if ((await missingImages(engine, HOMEMADE, suites)).length === 0) return false
  try {
    await askRegistry(engine, OFFICIAL, missing[0])
    await Promise.all(missing.map((suite) => pull(engine, suite, log)))
    return true
  } catch (error) {
    log(`Debian's official images cannot be pulled (${error.message}): making bases from Debian's packages instead.`)
    return false
  }
}

async function missingImages(engine, name, suites) {
  const present = await Promise.all(suites.map((suite) => engine.hasImage(imageName(name, suite))))
  return suites.filter((_, index) => !present[index])
}

function imageName(name, suite) {
  return `${name}:${suite}-slim`
}

/** Has the engine look the image up, which shows within seconds whether it reaches the registry. */
async function askRegistry(engine, name, suite) {
  await engine.get(`/distribution/${imageName(name, suite)}/json`, { timeout: REGISTRY_TIMEOUT })
}

async function pull(engine, suite, log) {
  log(`Pulling ${imageName(OFFICIAL, suite)} …`)
  await engine.stream('POST', `/images/create?fromImage=${OFFICIAL}&tag=${suite}-slim`)
}

async function makeMissing(engine, suites, log) {
  const missing = await missingImages(engine, HOMEMADE, suites)
  if (missing.length === 0) return
  await refuseForeignEngine(engine)
  await ensureBootstrapper(log)
  await Promise.all(missing.map((suite) => make(engine, suite, log)))
}

/** Packages can be set up for this machine's architecture only. */
async function refuseForeignEngine(engine) {
  const { Arch } = await engine.get('/version')
  const ours = ENGINE_ARCHITECTURES[process.arch] ?? process.arch
  if (Arch === ours) return
  throw new UserError(
    `The engine runs on ${Arch} and this machine on ${ours}: give the engine ${namesOfOfficial()} by hand.`,
  )
}

async function ensureBootstrapper(log) {
  if (which('mmdebstrap')) return
  const root = isDebianFamily() && (await rootPrefix())
  if (root) return install(['mmdebstrap', 'debian-archive-keyring'], root, log)
  const remedy = isDebianFamily()
    ? 'install mmdebstrap, then run this again'
    : `give the engine ${namesOfOfficial()} by hand`
  throw new UserError(`No registry has answered, and this machine cannot make base images: ${remedy}.`)
}

function namesOfOfficial() {
  return SUITES.map((suite) => imageName(OFFICIAL, suite)).join(', ')
}

async function make(engine, suite, log) {
  const name = imageName(HOMEMADE, suite)
  const started = Date.now()
  let phase = 'starting'
  const tell = (what) => log(`${name}: ${what} (${Math.round((Date.now() - started) / 1000)} s)`)
  const ticker = setInterval(() => tell(phase), PROGRESS_INTERVAL)
  try {
    const body = await bootstrap(suite, (next) => {
      phase = next
    })
    await engine.stream('POST', importPath(suite), { body, headers: { 'content-type': 'application/x-tar' } })
    tell('made')
  } finally {
    clearInterval(ticker)
  }
}

function importPath(suite) {
  const query = new URLSearchParams({ fromSrc: '-', repo: HOMEMADE, tag: `${suite}-slim`, changes: 'CMD ["bash"]' })
  return `/images/create?${query}`
}

await runAsScript(import.meta.url, async () => {
  const started = Date.now()
  const env = await ensureBases()
  const base = env.LAB_BASE ?? OFFICIAL
  console.log(`The bases are ${SUITES.map((suite) => imageName(base, suite)).join(', ')} (${Date.now() - started} ms).`)
  if (env.LAB_BASE) console.log(`Set LAB_BASE=${env.LAB_BASE} when you build samples/lab.`)
})
