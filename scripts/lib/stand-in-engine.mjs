// As much of the engine's HTTP API as bringing a small stack up and down takes: what is created is listed until it is removed.
import { createServer } from 'node:http'

const VERSION = { Version: '20.10.24', ApiVersion: '1.41', MinAPIVersion: '1.12', Os: 'linux', Arch: 'amd64' }

/** A server that listens nowhere yet, and knows one image. */
export function standInEngine(image) {
  const images = [
    { Id: `sha256:${'1'.repeat(64)}`, RepoTags: [image], RepoDigests: [], Labels: {}, Created: 1, Size: 1 },
  ]
  const containers = new Map()
  const networks = new Map()
  const answers = [
    ['GET /_ping', () => 'OK'],
    ['GET /version', () => VERSION],
    ['GET /images/json', () => images],
    ['GET /volumes', () => ({ Volumes: [], Warnings: null })],
    ['GET /networks', () => [...networks.values()]],
    ['GET /containers/json', () => [...containers.values()]],
    ['POST /networks/create', (body) => added(networks, network(body, idOf(networks, 'a')))],
    [
      'POST /containers/create',
      (body, query) => added(containers, container(body, query, images[0], networks, idOf(containers, 'b'))),
    ],
    ['POST /containers/ID/start', (_, __, id) => void Object.assign(containers.get(id), { State: 'running' })],
    ['POST /containers/ID/stop', (_, __, id) => void Object.assign(containers.get(id), { State: 'exited' })],
    ['DELETE /containers/ID', (_, __, id) => void containers.delete(id)],
    ['DELETE /networks/ID', (_, __, id) => void networks.delete(id)],
  ]
  return createServer((request, response) => void answer(new Map(answers), request, response))
}

async function answer(answers, request, response) {
  let text = ''
  for await (const chunk of request) text += chunk
  const { pathname, searchParams } = new URL(request.url, 'http://engine')
  const id = /[0-9a-f]{64}/.exec(pathname)?.[0]
  const route = `${request.method} ${pathname.replace(/^\/v[\d.]+/, '').replace(id, 'ID')}`
  const found = answers.get(route)
  const body = found ? found(text && JSON.parse(text), searchParams, id) : { message: `${route} is not part of it` }
  response.writeHead(found ? (body ? 200 : 204) : 500, { 'content-type': 'application/json' })
  response.end(body && JSON.stringify(body))
}

const idOf = (known, letter) => `${known.size}`.padStart(64, letter)

function added(known, each) {
  known.set(each.Id, each)
  return { Id: each.Id, Warnings: [] }
}

function network({ Name, Labels, Options }, Id) {
  return {
    Name,
    Id,
    Labels,
    Options,
    Driver: 'bridge',
    Scope: 'local',
    IPAM: { Config: [] },
    Created: '2026-01-01T00:00:00Z',
  }
}

function container({ Image, Labels, NetworkingConfig }, query, image, networks, Id) {
  return {
    Id,
    Names: [`/${query.get('name')}`],
    Image,
    ImageID: image.Id,
    Command: 'rehearse',
    Labels,
    State: 'created',
    Status: 'Up 2 hours',
    Created: 1,
    Ports: [],
    Mounts: [],
    NetworkSettings: { Networks: endpoints(NetworkingConfig?.EndpointsConfig ?? {}, [...networks.values()]) },
  }
}

/** A network is named by its name or its id, and listed by its name. */
function endpoints(asked, networks) {
  const found = Object.entries(asked).map(([key, each]) => [
    networks.find(({ Id, Name }) => key === Id || key === Name),
    each,
  ])
  return Object.fromEntries(
    found.map(([{ Id, Name }, each]) => [Name, { ...each, NetworkID: Id, IPAddress: '172.18.0.2' }]),
  )
}
