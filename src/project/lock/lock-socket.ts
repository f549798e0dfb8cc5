import { setMaxListeners } from 'node:events'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { isMapping } from '../../util/object.ts'
import { parsedJson } from '../../util/text.ts'

/** The holder of a lock, for messages to waiting processes. */
export interface Holder {
  pid: number
  /** E.g. `up`. */
  command: string
}

export interface LockOptions {
  platform: NodeJS.Platform
  holder: Holder
  signal: AbortSignal
  /** Called once, as soon as the holder is known. */
  onWait(holder: Holder | undefined): void
}

/**
 * A listening socket that sends its holder to each client, and closes when the lock is released; undefined if another process has
 * the address.
 */
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
  // The lock alone does not keep the program alive.
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', (failure: NodeJS.ErrnoException) =>
      failure.code === 'EADDRINUSE' ? resolve(undefined) : reject(failure),
    )
    server.listen(address, () => resolve(server))
  })
}

/**
 * Waits until the connection to the holder ends: when the holder ends, or once `isEnough` accepts what the holder sent.
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

/** Calls back with the listener's greeting: one line, which may arrive in parts. */
function onGreeting(guest: Socket, callback: (greeting: unknown) => void): void {
  let received = ''
  guest.on('data', (chunk) => {
    received += chunk
    if (received.includes('\n')) callback(parsedJson(received))
  })
}

function untilClosed(guest: Socket, signal: AbortSignal): Promise<'released' | 'nobody there'> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      guest.destroy()
      reject(signal.reason)
    }
    let connected = false
    // Any number of waits may share the signal.
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

function holderIn(greeting: unknown): Holder | undefined {
  if (!isMapping(greeting) || !('pid' in greeting) || !('command' in greeting)) return undefined
  return { pid: Number(greeting.pid), command: String(greeting.command) }
}
