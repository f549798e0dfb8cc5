import { Agent as HttpAgent } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { DockerOptions } from 'dockerode'
import type { Address, Environment } from './endpoint.ts'

/** Milliseconds to connect to another machine; a longer silence means that it does not answer. */
const CONNECT_LIMIT = 15_000

/** The client's options for an address. Sets every key: for a missing one, the client would read the process's environment. */
export async function clientOptions(address: Address, environment: Environment): Promise<DockerOptions> {
  const none = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined, timeout: undefined }
  const options: object = { ...none, protocol: 'http', pathPrefix: '/', ...(await transport(address, environment)) }
  return options
}

async function transport(address: Address, environment: Environment) {
  if (address.kind === 'socket') return { socketPath: address.path, agent: localAgent() }
  if (address.kind === 'ssh') return { host: 'localhost', port: 80, agent: await sshAgent(address, environment) }
  const { hostname, port, tls } = address
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  if (!tls) return { host, port, agent: limited(new HttpAgent({ keepAlive: true })) }
  const { Agent: HttpsAgent } = await import('node:https')
  const { verify, ...material } = tls
  const agent = new HttpsAgent({ keepAlive: true, rejectUnauthorized: verify, ...material })
  return { host, port, protocol: 'https', agent: limited(agent) }
}

/** With an empty server name, Node skips its check for an IP address, which takes milliseconds. */
function localAgent(): HttpAgent {
  const options: object = { keepAlive: true, scheduling: 'lifo', servername: '' }
  return new HttpAgent(options)
}

type Create = (options: object, done: (error: Error | null, stream: Duplex) => void) => Duplex | null | undefined

/** Gives up on a connection that is not established in time. An established connection may be silent for any time. */
function limited<A extends HttpAgent>(agent: A): A {
  const create = agent.createConnection.bind(agent) as Create
  const limitedCreate: Create = (options, done) => {
    const socket = create(options, done) as Socket
    const giveUp = () =>
      socket.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT', syscall: 'connect' }))
    socket.setTimeout(CONNECT_LIMIT, giveUp)
    socket.once('connect', () => socket.setTimeout(0).off('timeout', giveUp))
    return socket
  }
  return Object.assign(agent, { createConnection: limitedCreate })
}

async function sshAgent(address: Extract<Address, { kind: 'ssh' }>, environment: Environment): Promise<HttpAgent> {
  const { sshTunnel } = await import('./ssh.ts')
  return Object.assign(new HttpAgent({ keepAlive: true }), {
    createConnection: () => sshTunnel(address, environment.env),
  })
}
