import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queue } from './lock-queue.ts'
import { type LockOptions, listen, waitForRelease } from './lock-socket.ts'

export type { Holder, LockOptions } from './lock-socket.ts'

/**
 * Serialises commands: waits until no other process on this machine holds the lock with that name. The lock is a listening socket,
 * which the system closes whenever its process ends, so no stale lock can remain. On Linux it has no file (an abstract address,
 * unix(7)); on Windows it is a named pipe; elsewhere sockets are files, which outlive their processes: see lock-queue.ts.
 * @returns releases the lock
 */
export async function acquire(name: string, options: LockOptions): Promise<() => Promise<void>> {
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32)
  const once = { ...options, onWait: first(options.onWait) }
  if (options.platform === 'linux') return only(`\0flotilla-${hash}`, once)
  if (options.platform === 'win32') return only(`\\\\.\\pipe\\flotilla-${hash}`, once)
  return queue(join(tmpdir(), `flotilla-${hash.slice(0, 16)}`), once)
}

/** Locks an address that the system grants to only one process at a time. */
async function only(address: string, { holder, signal, onWait }: LockOptions): Promise<() => Promise<void>> {
  for (;;) {
    signal.throwIfAborted()
    const server = await listen(address, () => holder)
    if (server) return () => new Promise((resolve) => server.close(() => resolve()))
    await waitForRelease(address, signal, onWait)
  }
}

function first(tell: LockOptions['onWait']): LockOptions['onWait'] {
  let reported = false
  return (holder) => {
    if (!reported) tell(holder)
    reported = true
  }
}
