// The floor: the engine calls that an operation takes, at the best concurrency, and nothing else. No stack file is understood, nothing
// is compared or decided: a recipe holds ready-made request bodies and what waits for what.
//   node bench/floor/main.mjs OPERATION RECIPE
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { caller, limiter } from './calls.mjs'
import { healthy } from './healthy.mjs'

const [operation, file] = process.argv.slice(2)
const recipe = JSON.parse(readFileSync(file, 'utf8'))
const call = caller(process.env.DOCKER_HOST?.replace('unix://', '') ?? recipe.socket)
const inProject = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${recipe.project}`] }))
/** Tried from one to all: creates and starts are quickest all at once, stops and removals eight at a time. */
const endings = limiter(8)

const OPERATIONS = {
  up,
  again: look,
  change,
  down,
  ps: containers,
  config: () => readFileSync(recipe.stackFile, 'utf8'),
}

await OPERATIONS[operation]()
process.exit(0)

function containers() {
  return call('GET', `/containers/json?all=1&filters=${inProject}`)
}

/** What there is: one round of lists. */
function look() {
  return Promise.all([containers(), ...['/networks', '/volumes', '/images/json'].map((path) => call('GET', path))])
}

async function up() {
  await look()
  const [, network] = await Promise.all([
    call('GET', '/version'),
    call('POST', '/networks/create', { body: recipe.network }),
  ])
  const started = new Map()
  const ready = new Map()
  const wait = healthy(call, inProject, limiter(Math.max(1, Math.floor(availableParallelism() / 2))))
  for (const service of recipe.services) {
    const created = create(service, service.container, network.Id)
    started.set(
      service.name,
      created.then((id) => startAfter(service, id, { started, ready })),
    )
    if (service.waitedFor)
      ready.set(
        service.name,
        started.get(service.name).then((id) => wait(id, service.test)),
      )
  }
  await Promise.all([...started.values(), ...ready.values()])
}

async function create({ body }, name, network) {
  const endpoints = { [network]: body.NetworkingConfig.EndpointsConfig.default }
  const full = {
    ...body,
    HostConfig: { ...body.HostConfig, NetworkMode: network },
    NetworkingConfig: { EndpointsConfig: endpoints },
  }
  return (await call('POST', `/containers/create?name=${name}`, { body: full })).Id
}

async function startAfter({ after }, id, { started, ready }) {
  await Promise.all(after.map((each) => (each.healthy ? ready : started).get(each.service)))
  await call('POST', `/containers/${id}/start`)
  return id
}

/** One service has changed: its container is created anew beside the old one, and takes its place. */
async function change() {
  const [found, networks] = await look()
  const service = recipe.services.at(-1)
  const old = found.find((each) => each.Names[0] === `/${service.container}`).Id
  await Promise.all([call('GET', '/version'), call('GET', `/containers/${old}/json`)])
  const network = networks.find((each) => each.Name === recipe.network.Name).Id
  const next = await create({ body: recipe.changedBody }, `${service.container}.next`, network)
  await call('POST', `/containers/${old}/stop`)
  await call('POST', `/containers/${next}/start`)
  await call('DELETE', `/containers/${old}`)
  await call('POST', `/containers/${next}/rename?name=${service.container}`)
}

/** A container is stopped once those that need it are; removals and the network follow. */
async function down() {
  const [found, networks] = await look()
  const idOf = new Map(found.map((each) => [each.Names[0].slice(1), each.Id]))
  const stopped = new Map()
  const removals = [...recipe.services].reverse().map((service) => {
    const id = idOf.get(service.container)
    const before = recipe.services.filter((each) => each.after.some((edge) => edge.service === service.name))
    const stop = Promise.all(before.map((each) => stopped.get(each.name))).then(() =>
      endings(() => call('POST', `/containers/${id}/stop`)),
    )
    stopped.set(service.name, stop)
    return stop.then(() => endings(() => call('DELETE', `/containers/${id}?v=0`)))
  })
  await Promise.all(removals)
  await call('DELETE', `/networks/${networks.find((each) => each.Name === recipe.network.Name).Id}`)
}
