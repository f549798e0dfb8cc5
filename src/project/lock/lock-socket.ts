import { setMaxListeners } from 'node:events'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { isMapping } from '../../util/object.ts'

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

/** A listening socket that sends each guest its holder, and closes when the lock is released; undefined if another process has it. */
export function listen(address: string, greeting: () => object): Promise<Server | undefined> {
  const guests = new Set<Socket>()
  const server = createServer((guest) => {
    guests.add(guest)
    guest.on('error', () => undefined).on('close', () => guests.delete(guest))
    guest.write(`${JSON.stringify(greeting())}\n`)
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

/**
 * Until the connection to the holder ends: it ends with the holder, or once `isEnough` accepts what the holder sent.
 * @returns `nobody there` if nobody listens at that address
 */
export function waitForRelease(
  address: string,
  signal: AbortSignal,
  onHolder: (holder: Holder | undefined) => void,
  isEnough: (greeting: unknown) => boolean = () => false,
): Promise<'released' | 'nobody there'> {
  const guest = createConnection(address)
  onGreeting(guest, (greeting) => {
    if (isEnough(greeting)) guest.destroy()
    else onHolder(holderIn(greeting))
  })
  return untilClosed(guest, signal)
}

/** Calls back with what the listener sends: a line, which may come in parts. */
function onGreeting(guest: Socket, callback: (greeting: unknown) => void): void {
  let received = ''
  guest.on('data', (chunk) => {
    received += chunk
    if (received.includes('\n')) callback(parsed(received))
  })
}

function untilClosed(guest: Socket, signal: AbortSignal): Promise<'released' | 'nobody there'> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      guest.destroy()
      reject(signal.reason)
    }
    let connected = false
    // Any number may be waited for at once.
    setMaxListeners(0, signal)
    signal.addEventListener('abort', onAbort, { once: true })
    guest
      .on('error', () => undefined)
      .on('connect', () => {
        connected = true
      })
    guest.on('close', () => {
      signal.removeEventListener('abort', onAbort)
      resolve(connected ? 'released' : 'nobody there')
    })
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function holderIn(greeting: unknown): Holder | undefined {
  if (!isMapping(greeting) || !('pid' in greeting) || !('command' in greeting)) return undefined
  return { pid: Number(greeting.pid), command: String(greeting.command) }
}
