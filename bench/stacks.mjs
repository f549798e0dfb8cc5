// The stacks that are measured, as data, and in the two forms in which they are run: a stack file, and the floor's recipe.
import { dump } from 'js-yaml'

const INTERVAL = '1s'

/** A server and its health test, which is what most health tests test. */
const PORT = '5432'
const SERVER = { command: ['httpd', '-f', '-p', PORT], test: ['sh', '-c', `nc -w 1 127.0.0.1 ${PORT} < /dev/null`] }

/** Name of a service by its number, e.g. `s007`. */
const nameOf = (index) => `s${String(index).padStart(3, '0')}`

/**
 * A service: `after` lists what it needs, and whether that must be healthy; `test` is its health test, with `interval` or, where that is
 * undefined, the default of 30 s.
 */
function service(name, { after = [], test, interval, command = ['sleep', '1d'] } = {}) {
  return { name, after, test, interval, command }
}

/** Services that need nothing. */
export function flat(count) {
  return named(
    `flat ${count}`,
    Array.from({ length: count }, (_, index) => service(nameOf(index))),
  )
}

/** Each needs the one before to be started. */
export function chain(count) {
  const link = (index) => service(nameOf(index), { after: index === 0 ? [] : [{ service: nameOf(index - 1) }] })
  return named(
    `chain ${count}`,
    Array.from({ length: count }, (_, index) => link(index)),
  )
}

/**
 * Layers of ten (of ten services: two of five). Each service needs two of the layer below; the second layer also waits until the first
 * service is healthy.
 */
export function layered(count) {
  const width = count > 10 ? 10 : Math.ceil(count / 2)
  const needs = (index) => {
    const below = (Math.floor(index / width) - 1) * width
    if (below < 0) return []
    const two = [index % width, (index + 1) % width].map((place) => ({ service: nameOf(below + place) }))
    const database = { service: nameOf(0), healthy: true }
    return below === 0 ? [database, ...two.filter((edge) => edge.service !== database.service)] : two
  }
  const each = (index) =>
    service(nameOf(index), { after: needs(index), ...(index === 0 && { ...SERVER, interval: INTERVAL }) })
  return named(
    `layered ${count}`,
    Array.from({ length: count }, (_, index) => each(index)),
  )
}

/** A database that is ready after two seconds, tested at the default interval, and a service that waits for it. */
export function slowDatabase() {
  const command = ['sh', '-c', `sleep 2; exec ${SERVER.command.join(' ')}`]
  const database = service('db', { command, test: SERVER.test })
  return named('ready after 2 s', [database, service('app', { after: [{ service: 'db', healthy: true }] })])
}

/** Each waits until the one before is healthy, which it is at once. */
export function healthyChain(count) {
  return chainOfHealthy(`healthy chain ${count}`, count, SERVER)
}

/** The same for services without a server, such as workers: their health test passes at once. */
export function serverlessChain(count) {
  return chainOfHealthy(`no server ${count}`, count, { test: ['true'] })
}

function chainOfHealthy(name, count, program) {
  const after = (index) => (index === 0 ? [] : [{ service: nameOf(index - 1), healthy: true }])
  const link = (index) => service(nameOf(index), { ...program, after: after(index), interval: INTERVAL })
  return named(
    name,
    Array.from({ length: count }, (_, index) => link(index)),
  )
}

function named(name, services) {
  return { name, services }
}

/** As a stack file. `revision` is the value of a variable of the last service: another one is a change of that service. */
export function stackFile({ services }, image, revision) {
  const last = services.at(-1)
  const declared = services.map((each) => [each.name, declaration(each, image, each === last ? revision : '1')])
  return dump({ services: Object.fromEntries(declared) })
}

function declaration({ after, test, interval, command }, image, revision) {
  const conditions = after.map((edge) => [
    edge.service,
    { condition: edge.healthy ? 'service_healthy' : 'service_started' },
  ])
  return {
    image,
    command,
    environment: { REVISION: revision },
    // What is measured is who asks for the stop, not how long a service takes to obey.
    stop_signal: 'SIGKILL',
    ...(test && { healthcheck: { test: ['CMD', ...test], ...(interval && { interval }) } }),
    ...(after.length > 0 && { depends_on: Object.fromEntries(conditions) }),
  }
}

/** As the request bodies that the floor sends. */
export function recipeOf({ services }, { project, image, socket, stackFile }) {
  const waitedFor = new Set(
    services.flatMap((each) => each.after.filter((edge) => edge.healthy).map((edge) => edge.service)),
  )
  const body = (each, revision) => containerBody(each, { project, image, revision })
  return {
    project,
    socket,
    stackFile,
    network: {
      Name: `${project}_default`,
      Labels: { ...projectLabel(project), 'com.docker.compose.network': 'default' },
    },
    services: services.map((each) => ({
      name: each.name,
      container: `${project}-${each.name}-1`,
      after: each.after,
      test: each.test,
      waitedFor: waitedFor.has(each.name),
      body: body(each, '1'),
    })),
    changedBody: body(services.at(-1), '2'),
  }
}

function containerBody({ name, test, interval, command }, { project, image, revision }) {
  return {
    Image: image,
    Cmd: command,
    Env: [`REVISION=${revision}`],
    StopSignal: 'SIGKILL',
    Labels: {
      ...projectLabel(project),
      'com.docker.compose.service': name,
      'com.docker.compose.container-number': '1',
      'com.docker.compose.oneoff': 'False',
    },
    ...(test && {
      Healthcheck: { Test: ['CMD', ...test], ...(interval && { Interval: Number.parseInt(interval, 10) * 1e9 }) },
    }),
    HostConfig: {},
    NetworkingConfig: { EndpointsConfig: { default: { Aliases: [`${project}-${name}-1`, name] } } },
  }
}

function projectLabel(project) {
  return { 'com.docker.compose.project': project }
}
