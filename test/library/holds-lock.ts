// A process that holds a project's lock until its input ends, and records meanwhile that a service should be stopped, as commands do.
import { join } from 'node:path'
import { acquire } from '../../src/project/lock/lock.ts'
import { desiredStateFile } from '../../src/project/state/desired-state-file.ts'

const [name = '', folder = '', service = ''] = process.argv.slice(2).map(decodeURIComponent)
const holder = { pid: process.pid, command: 'stop' }
const { signal } = new AbortController()
const release = await acquire(name, { platform: process.platform, holder, signal, onWait: () => undefined })
process.stdout.write('held\n')
for await (const _ of process.stdin);
const store = desiredStateFile(join(folder, 'intent.json'), () => undefined)
const { services } = store.read()
store.write({ services: { ...services, [service]: { all: 'stopped' } } })
await release()
