import { acquire } from '../../../src/project/lock/lock.ts'

/** Holds a lock until it is killed: `hold-lock.ts NAME PLATFORM`. */
const [, , name = '', platform = 'linux'] = process.argv
await acquire(name, {
  platform: platform as NodeJS.Platform,
  holder: { pid: process.pid, command: 'hold' },
  signal: new AbortController().signal,
  onWait: () => undefined,
})
process.stdout.write('held\n')
setInterval(() => undefined, 60_000)
