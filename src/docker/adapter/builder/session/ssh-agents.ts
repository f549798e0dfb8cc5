import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { failedInside } from '../../../port.ts'
import { type Call, GrpcError, NOT_FOUND } from '../grpc/grpc.ts'
import { readFields, writeFields } from '../grpc/protobuf.ts'

/** Agent sockets, by the ids that the Dockerfile uses. */
export interface Agents {
  socketOf(id: string): string | undefined
  close(): Promise<void>
}

type Environment = Record<string, string | undefined>

/** A path is either an agent's socket or a private key, for which we start an agent. No paths means the user's agent. */
export async function openAgents(wanted: { id: string; paths: string[] }[], env: Environment): Promise<Agents> {
  const sockets = new Map<string, string>()
  const closers: (() => Promise<void>)[] = []
  const close = async () => void (await Promise.all(closers.map((each) => each())))
  try {
    for (const { id, paths } of wanted) {
      const [first] = paths
      const socket = first === undefined ? env.SSH_AUTH_SOCK : (await isSocket(first)) ? first : undefined
      if (first === undefined && socket === undefined)
        throw failedInside(`the build needs the ssh agent "${id}", but none is running here (SSH_AUTH_SOCK is not set)`)
      sockets.set(id, socket ?? (await startAgent(paths, env, closers)))
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
  return { socketOf: (id) => sockets.get(id || 'default'), close }
}

async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isSocket(),
    () => false,
  )
}

/** Starts an agent that holds only these keys and ends with the build. */
async function startAgent(keys: string[], env: Environment, closers: (() => Promise<void>)[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-ssh-'))
  const socket = join(folder, 'agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { env, stdio: ['ignore', 'pipe', 'ignore'] })
  closers.push(async () => {
    agent.kill()
    await rm(folder, { recursive: true, force: true })
  })
  await announced(agent)
  for (const key of keys) await addKey(key, { ...env, SSH_AUTH_SOCK: socket, SSH_ASKPASS_REQUIRE: 'never' })
  return socket
}

/** The agent prints its address once it listens. */
function announced(agent: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    agent.stdout?.once('data', () => resolve())
    agent.once('error', (cause) => reject(failedInside(`cannot run ssh-agent: ${cause.message}`)))
    agent.once('close', (code) => reject(failedInside(`ssh-agent ended with code ${code}`)))
  })
}

/** Keys with a passphrase are not supported here, since we cannot prompt for it: the user's own agent can hold them. */
function addKey(key: string, env: Environment): Promise<void> {
  const child = spawn('ssh-add', ['-q', key], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(failedInside(`cannot run ssh-add: ${cause.message}`)))
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(failedInside(`the ssh key ${key} cannot be used: ${said.trim()}`)),
    )
  })
}

/** `moby.sshforward.v1.SSH/ForwardAgent`: bytes to and from the agent's socket. BytesMessage { data: 1 }. */
export async function forwardAgent(call: Call, { socketOf }: Agents): Promise<void> {
  const socket = socketOf(call.metadata('buildkit.ssh.id')[0] ?? '')
  if (socket === undefined) throw new GrpcError(NOT_FOUND, 'no such ssh agent')
  const connection = createConnection(socket)
  const answers = (async () => {
    for await (const data of connection) await call.send(writeFields({ 1: data as Buffer }))
  })()
  answers.catch(() => undefined)
  for await (const message of call.messages()) {
    const data = readFields(message).get(1)?.at(-1)
    if (data instanceof Uint8Array) connection.write(data)
  }
  connection.end()
  await answers.catch(() => undefined)
}
