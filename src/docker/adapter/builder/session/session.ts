import { createHash, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Credentials, Keyring } from '../../../auth.ts'
import type { Request } from '../../http/exchange.ts'
import type { Link } from '../../http/link.ts'
import { requestUpgrade } from '../../http/request.ts'
import { type Call, GrpcError, grpcServer, NOT_FOUND, type Streaming, type Unary } from '../grpc/grpc.ts'
import { readFields, text, writeFields } from '../grpc/protobuf.ts'
import { sendFolder } from './filesync.ts'
import type { Folder } from './folder.ts'
import { type Agents, forwardAgent } from './ssh-agents.ts'
import type { Wanted } from './transfer-filter.ts'

export interface Session {
  id: string
  close(): void
}

/** The resources, besides credentials, that the builder may request. */
export interface Offers {
  /** Directories by the builder's names for them, `context` and `dockerfile`. */
  folders?: Record<string, (wanted: Wanted) => Promise<Folder>>
  /** Builds with the same key share the builder's file cache: unchanged files are not sent again. */
  shared?: string
  secretOf?(id: string): Uint8Array | undefined
  agents?: Agents
  /** Takes what the builder exports: one archive. */
  receive?(archive: AsyncIterable<Uint8Array>): Promise<void>
}

/**
 * Opens a build's session: a connection over which the builder sends requests to us (POST /session, upgraded to HTTP/2, with gRPC
 * inside). The builder checks our health, and requests registry credentials for base images, files, secrets and ssh agents.
 */
export async function openSession(
  link: Link,
  keyring: Keyring,
  signal: AbortSignal,
  offers: Offers = {},
): Promise<Session> {
  const id = randomUUID()
  const { unary, streaming } = methodsOf(keyring, offers)
  const methods = [...Object.keys(unary), ...Object.keys(streaming)]
  const connection = await requestUpgrade(link, sessionRequest({ id, methods, shared: offers.shared }, signal))
  const server = grpcServer(unary, streaming)
  server.emit('connection', connection)
  return {
    id,
    close() {
      connection.destroy()
      server.close()
    },
  }
}

/** Registers only the services on offer: the builder itself reports a missing one. */
function methodsOf(keyring: Keyring, { folders, secretOf, agents, receive }: Offers) {
  const unary: Record<string, Unary> = {
    '/grpc.health.v1.Health/Check': async () => SERVING,
    '/moby.filesync.v1.Auth/Credentials': async (request) => {
      const host = text(readFields(request), 1)
      return credentialsAnswer(await keyring.credentialsFor(host === HUB ? 'docker.io' : host))
    },
    ...(secretOf && { '/moby.buildkit.secrets.v1.Secrets/GetSecret': secretAnswer(secretOf) }),
    ...(agents && { '/moby.sshforward.v1.SSH/CheckAgent': agentCheck(agents) }),
  }
  const streaming: Record<string, Streaming> = {
    ...(folders && { '/moby.filesync.v1.FileSync/DiffCopy': (call) => copyFolder(call, folders) }),
    ...(receive && { '/moby.filesync.v1.FileSend/DiffCopy': (call) => receive(exported(call)) }),
    ...(agents && { '/moby.sshforward.v1.SSH/ForwardAgent': (call) => forwardAgent(call, agents) }),
  }
  return { unary, streaming }
}

/** The builder's name for Docker Hub. */
const HUB = 'registry-1.docker.io'

/** HealthCheckResponse { status: SERVING } */
const SERVING = Uint8Array.of(0x08, 0x01)

function sessionRequest(
  { id, methods, shared }: { id: string; methods: string[]; shared: string | undefined },
  signal: AbortSignal,
): Request {
  const headers = {
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'flotilla',
    ...(shared !== undefined && { 'X-Docker-Expose-Session-Sharedkey': sharedKey(shared) }),
    'X-Docker-Expose-Session-Grpc-Method': methods,
  }
  return { method: 'POST', path: '/session', headers, signal }
}

/** Includes the machine, since the same path on another machine is another directory. */
function sharedKey(name: string): string {
  return createHash('sha256').update(`${hostname()}\0${name}`).digest('hex')
}

/** CredentialsResponse { Username, Secret }; a token comes without a user name. */
function credentialsAnswer(known: Credentials | undefined): Uint8Array {
  return writeFields({ 1: known?.username ?? '', 2: known?.identitytoken ?? known?.password ?? '' })
}

/** GetSecretRequest { ID: 1 }, GetSecretResponse { data: 1 }. */
function secretAnswer(secretOf: NonNullable<Offers['secretOf']>): Unary {
  return async (request) => {
    const id = text(readFields(request), 1)
    const data = secretOf(id)
    if (!data) throw new GrpcError(NOT_FOUND, `secret ${id} not found`)
    return writeFields({ 1: data })
  }
}

/** CheckAgentRequest { ID: 1 }; the answer is empty. */
function agentCheck(agents: Agents): Unary {
  return async (request) => {
    const id = text(readFields(request), 1)
    if (agents.socketOf(id) === undefined) throw new GrpcError(NOT_FOUND, `ssh agent ${id || 'default'} not found`)
    return new Uint8Array()
  }
}

/** BytesMessage { data: 1 } */
async function* exported(call: Call): AsyncGenerator<Uint8Array> {
  for await (const message of call.messages()) {
    for (const data of readFields(message).get(1) ?? []) if (typeof data !== 'number') yield data
  }
}

async function copyFolder(call: Call, folders: NonNullable<Offers['folders']>): Promise<void> {
  const [name = ''] = call.metadata('dir-name')
  const open = folders[name]
  if (!open) throw new GrpcError(NOT_FOUND, `no directory ${name}`)
  const wanted = {
    include: call.metadata('include-patterns'),
    exclude: call.metadata('exclude-patterns'),
    follow: call.metadata('followpaths'),
  }
  await sendFolder(call, await open(wanted))
}
