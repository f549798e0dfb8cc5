// Choosing a project name and host ports that are free.
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { engineClient } from './engine-http.mjs'

const TRIES = 100

/**
 * The environment that gives every service a host port it can have. A service that runs keeps its port, and a variable
 * that is set already is left alone.
 * @param {{ project: string, wishes: { variable: string, service: string, port: number, wanted: number }[] }} options
 */
export async function choosePorts(endpoint, { project, wishes, log }) {
  // Whether a port of another machine is free cannot be seen from here.
  if (!/^(unix|npipe):/.test(endpoint.host)) return {}
  const published = await publishedPorts(engineClient(endpoint), project)
  const chosen = {}
  for (const wish of wishes.filter(({ variable }) => !process.env[variable])) {
    const held = published.get(`${wish.service}:${wish.port}`)
    const port = held ?? (await nearestFree(wish.wanted))
    if (port === wish.wanted) continue
    log(held ? `${wish.service} keeps port ${port}.` : `Port ${wish.wanted} is taken: ${wish.service} gets ${port}.`)
    chosen[wish.variable] = String(port)
  }
  return chosen
}

/**
 * The name for a project of this folder: its own, unless containers of that name run that were brought up from another folder. A name
 * that the user has set is left alone.
 * @returns {Promise<{ name: string, env: Record<string, string> }>}
 */
export async function chooseProject(endpoint, { name, folder, log }) {
  const set = process.env.COMPOSE_PROJECT_NAME
  if (set) return { name: set, env: {} }
  const containers = await containersOf(engineClient(endpoint), name)
  const folders = containers.map(({ Labels }) => Labels['com.docker.compose.project.working_dir'])
  const other = folders.find((each) => each !== undefined && each !== folder)
  const own = `${name}-${createHash('sha256').update(folder).digest('hex').slice(0, 6)}`
  const ownRuns = (await containersOf(engineClient(endpoint), own)).length > 0
  if (other === undefined && !ownRuns) return { name, env: {} }
  if (other !== undefined) log(`Project ${name} already runs from ${other}: this one is called ${own}.`)
  return { name: own, env: { COMPOSE_PROJECT_NAME: own } }
}

/** Running ones. */
function containersOf(engine, project) {
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${project}`] })
  return engine.get(`/containers/json?filters=${encodeURIComponent(filters)}`)
}

/** The host ports of a project's running services, by `service:container port`. */
async function publishedPorts(engine, project) {
  const containers = await containersOf(engine, project)
  const entries = containers.flatMap(({ Labels, Ports }) =>
    Ports.filter(({ PublicPort }) => PublicPort).map(({ PrivatePort, PublicPort }) => [
      `${Labels['com.docker.compose.service']}:${PrivatePort}`,
      PublicPort,
    ]),
  )
  return new Map(entries)
}

async function nearestFree(wanted) {
  for (let port = wanted; port < wanted + TRIES; port++) {
    if (await isFree(port)) return port
  }
  return wanted
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)))
  })
}

/** A port of the loopback address that nothing listens on at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
