import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { acquire, type Holder } from '../../../src/project/lock/lock.ts'

const name = () => `test ${process.pid} ${Math.random()}`
const never = new AbortController().signal
const options = (platform: NodeJS.Platform, onWait: (holder?: Holder) => void = () => undefined) => ({
  platform,
  holder: { pid: process.pid, command: 'test' },
  signal: never,
  onWait,
})

// Elsewhere than on Linux the lock is a file, which this system can hold too.
for (const platform of ['linux', 'darwin'] as const) {
  test(`${platform}: one at a time, in turn, and a waiting command knows the holder`, async () => {
    const lock = name()
    const order: string[] = []
    const first = await acquire(lock, options(platform))
    let holder: Holder | undefined
    const waits = new Promise<void>((resolve) => {
      void acquire(
        lock,
        options(platform, (found) => {
          holder = found
          resolve()
        }),
      ).then(async (release) => {
        order.push('second')
        await release()
      })
    })
    await waits
    order.push('first')
    await first()
    const third = await acquire(lock, options(platform))
    await third()
    assert.equal(holder, { pid: process.pid, command: 'test' })
    assert.is(order[0], 'first')
  })

  test(`${platform}: a killed holder holds nothing`, async () => {
    const lock = name()
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname ?? '', 'hold-lock.ts'), lock, platform],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await once(child.stdout, 'data')
    const acquired = acquire(
      lock,
      options(platform, () => child.kill('SIGKILL')),
    )
    const release = await acquired
    await release()
    assert.ok(child.killed)
  })

  test(`${platform}: of many at once, killed holders among them, never two hold it`, async () => {
    const lock = name()
    const killed = await Promise.all(Array.from({ length: 3 }, () => startHolder(lock, platform)))
    let inside = 0
    let most = 0
    const taken = Array.from({ length: 12 }, async () => {
      const release = await acquire(lock, options(platform))
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
      await release()
    })
    for (const child of killed) child.kill('SIGKILL')
    await Promise.all(taken)
    assert.is(most, 1)
  })
}

/** Processes that want the lock too: one of them gets it. */
async function startHolder(lock: string, platform: NodeJS.Platform): Promise<ChildProcess> {
  const script = join(import.meta.dirname ?? '', 'hold-lock.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, lock, platform], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child, 'spawn')
  return child
}

test('other names are other locks', async () => {
  const releases = await Promise.all([acquire(name(), options('linux')), acquire(name(), options('linux'))])
  for (const release of releases) await release()
  assert.is(releases.length, 2)
})

test('waiting can be given up', async () => {
  const lock = name()
  const release = await acquire(lock, options('linux'))
  const stop = new AbortController()
  const waiting = acquire(lock, { ...options('linux', () => stop.abort(new Error('enough'))), signal: stop.signal })
  const outcome = await waiting.then(
    () => 'acquired',
    (thrown: Error) => thrown.message,
  )
  await release()
  assert.is(outcome, 'enough')
})

test.run()
