import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queue } from './lock-queue.ts'
import { type LockOptions, listen, waitForRelease } from './lock-socket.ts'

export type { Holder, LockOptions } from './lock-socket.ts'

/**
 * One command at a time: waits until nobody else on this machine holds the lock of that name. The lock is a listening socket, which
 * the system closes when its process ends, however it ends: nothing stale can remain. On Linux it has no file at all (an abstract
 * address, unix(7)); on Windows it is a named pipe; elsewhere sockets are files, which outlive their processes: see lock-queue.ts.
 * @returns releases the lock
 */
export async function acquire(name: string, options: LockOptions): Promise<() => Promise<void>> {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32)
  const once = { ...options, onWait: first(options.onWait) }
  if (options.platform === 'linux') return only(`\0flotilla-${hash}`, once)
  if (options.platform === 'win32') return only(`\\\\.\\pipe\\flotilla-${hash}`, once)
  return queue(join(tmpdir(), `flotilla-${hash.slice(0, 16)}`), once)
}

/** An address that the system gives to one process at a time. */
async function only(address: string, { holder, signal, onWait }: LockOptions): Promise<() => Promise<void>> {
  for (;;) {
    signal.throwIfAborted()
    const server = await listen(address, () => holder)
    if (server) return () => new Promise((resolve) => server.close(() => resolve()))
    await waitForRelease(address, signal, onWait)
  }
}

function first(tell: LockOptions['onWait']): LockOptions['onWait'] {
  let told = false
  return (holder) => {
    if (!told) tell(holder)
    told = true
  }
}
