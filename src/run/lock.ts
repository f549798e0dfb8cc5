import { createHash } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Who holds a lock, for the one who waits. */
export interface Holder {
  pid: number
  /** E.g. `up`. */
  command: string
}

export interface LockOptions {
  platform: NodeJS.Platform
  holder: Holder
  signal: AbortSignal
  /** Called once, as soon as it is known for whom one waits. */
  onWait(holder: Holder | undefined): void
}

/**
 * One command at a time: waits until nobody else on this machine holds the lock of that name. The lock is a listening socket, which
 * the system closes when its process ends, however it ends: nothing stale can remain. On Linux it has no file at all (an abstract
 * address, unix(7)); on Windows it is a named pipe; elsewhere a socket file that is known to be stale when nobody answers.
 * @returns releases the lock
 */
export async function acquire(name: string, options: LockOptions): Promise<() => Promise<void>> {
  const address = addressOf(name, options.platform)
  let told = false
  for (;;) {
    options.signal.throwIfAborted()
    const server = await listen(address, options.holder)
    if (server) return () => new Promise((resolve) => server.close(() => resolve()))
    const outcome = await waitForRelease(address, options.signal, (holder) => {
      if (!told) options.onWait(holder)
      told = true
    })
    if (outcome === 'nobody there' && !isAbstract(address) && options.platform !== 'win32')
      await unlink(address).catch(() => undefined)
  }
}

function addressOf(name: string, platform: NodeJS.Platform): string {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32)
  if (platform === 'linux') return `\0flotilla-${hash}`
  return platform === 'win32' ? `\\\\.\\pipe\\flotilla-${hash}` : join(tmpdir(), `flotilla-${hash}.sock`)
}

function isAbstract(address: string): boolean {
  return address.startsWith('\0')
}

/** The listening socket, or undefined if somebody else has it. Whoever connects is told who holds it, and then hears nothing until the end. */
function listen(address: string, holder: Holder): Promise<Server | undefined> {
  const guests = new Set<Socket>()
  const server = createServer((guest) => {
    guests.add(guest)
    guest.on('error', () => undefined).on('close', () => guests.delete(guest))
    guest.write(`${JSON.stringify(holder)}\n`)
  })
  const close = server.close.bind(server)
  server.close = (done) => {
    for (const guest of guests) guest.destroy()
    return close(done)
  }
  // A command that has nothing else to do ends, lock or no lock.
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', (failure: NodeJS.ErrnoException) =>
      failure.code === 'EADDRINUSE' ? resolve(undefined) : reject(failure),
    )
    server.listen(address, () => resolve(server))
  })
}

/** Until the connection to the holder ends: it ends with the holder. */
function waitForRelease(
  address: string,
  signal: AbortSignal,
  onHolder: (holder: Holder | undefined) => void,
): Promise<'released' | 'nobody there'> {
  return new Promise((resolve, reject) => {
    const guest = createConnection(address)
    const onAbort = () => {
      guest.destroy()
      reject(signal.reason)
    }
    let heard = ''
    let connected = false
    signal.addEventListener('abort', onAbort, { once: true })
    guest.on('connect', () => {
      connected = true
    })
    guest.on('data', (chunk) => {
      heard += chunk
      if (heard.includes('\n')) onHolder(parseHolder(heard))
    })
    guest.on('error', () => undefined)
    guest.on('close', () => {
      signal.removeEventListener('abort', onAbort)
      resolve(connected ? 'released' : 'nobody there')
    })
  })
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, command } = JSON.parse(text)
    return { pid: Number(pid), command: String(command) }
  } catch {
    return undefined
  }
}
