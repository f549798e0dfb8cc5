import { randomBytes } from 'node:crypto'
import { mkdir, readdir, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isMapping } from '../../util/object.ts'
import type { LockOptions } from './lock-socket.ts'
import { listen, waitForRelease } from './lock-socket.ts'

/** The data that a listener in the folder sends about itself; `number` is absent while it chooses one. */
interface Ticket {
  id: string
  number?: number
}

/**
 * A lock made of socket files with unique names: no process takes over the file of one that has ended, so removing a stale file
 * never hits one in use. Each process that wants the lock listens, chooses a number above all others, and waits for every process
 * with a lower number (L. Lamport's bakery algorithm; a process leaves the queue when it ends for any reason).
 * @returns leaves the queue
 */
export async function queue(folder: string, { holder, signal, onWait }: LockOptions): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const own: Ticket = { id: randomBytes(6).toString('hex') }
  const server = await listen(join(folder, own.id), () => ({ ...holder, ...own }))
  if (!server) throw new Error(`a lock of the name ${own.id} is there already`)
  const leave = () => new Promise<void>((resolve) => server.close(() => resolve()))
  try {
    own.number = 1 + Math.max(0, ...(await ticketsIn(folder, own.id, signal)).map(({ number = 0 }) => number))
    // A process that is missing in this list started later, and reads this number before it chooses its own.
    const earlier = (await ticketsIn(folder, own.id, signal)).filter((each) => !comesBefore(own, each))
    for (const { id } of earlier.sort((a, b) => (comesBefore(a, b) ? -1 : 1)))
      await untilPassed(join(folder, id), own, { signal, onWait })
    return leave
  } catch (thrown) {
    await leave()
    throw thrown
  }
}

/** Waits until the process at that address has left or has chosen a later number. */
async function untilPassed(
  address: string,
  own: Ticket,
  { signal, onWait }: Pick<LockOptions, 'signal' | 'onWait'>,
): Promise<void> {
  for (let choosing = true; choosing; ) {
    choosing = false
    const isEnough = (answer: unknown) => {
      const other = ticketOf(basename(address), answer)
      choosing = other.number === undefined
      return choosing || comesBefore(own, other)
    }
    await waitForRelease(address, signal, onWait, isEnough)
  }
}

/** The tickets of all other listeners in the folder; removes sockets that no longer answer. */
async function ticketsIn(folder: string, own: string, signal: AbortSignal): Promise<Ticket[]> {
  const others = (await readdir(folder)).filter((id) => id !== own)
  return (await Promise.all(others.map((id) => ask(folder, id, signal)))).flat()
}

async function ask(folder: string, id: string, signal: AbortSignal): Promise<Ticket[]> {
  let ticket: Ticket = { id }
  const address = join(folder, id)
  const noted = (answer: unknown) => {
    ticket = ticketOf(id, answer)
    return true
  }
  const outcome = await waitForRelease(address, signal, () => undefined, noted)
  if (outcome === 'released') return [ticket]
  await unlink(address).catch(() => undefined)
  return []
}

function ticketOf(id: string, answer: unknown): Ticket {
  const number = isMapping(answer) && 'number' in answer ? Number(answer.number) : undefined
  return number === undefined ? { id } : { id, number }
}

/** A process that is still choosing may come first. */
function comesBefore(a: Ticket, b: Ticket): boolean {
  const [one, other] = [a.number ?? 0, b.number ?? 0]
  return one < other || (one === other && a.id < b.id)
}
