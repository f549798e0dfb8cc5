import { DOWN, UP, type UpIntent } from '../../../backend/intent.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { PackedDump } from '../../../pack/types.ts'
import { offlineIntent } from '../../locking/locked-intent.ts'
import type { Project } from '../../project.ts'
import { runIntent } from '../../run-intent.ts'
import { wantedFor } from '../../wanted.ts'
import { type Filling, type Held, servicesOf } from './data.ts'

/**
 * Brings up the database servers of the pack alone, on volumes that count as half filled, loads the dumps, and takes them down again. They
 * start with the fresh passwords, and load the seeds of their images first, which the dumps replace.
 * @param held all that are held: a server may also use volumes that were filled from archives
 */
export async function loadDumps(filling: Filling, held: Held): Promise<void> {
  const { project, pack } = filling
  if (pack.index.dumps.length === 0) return
  const ids = Object.fromEntries([...held].map(([name, { id }]) => [name, id]))
  await bringUp(project, { ...FILLING, services: servicesOf(pack.index.dumps), filling: ids })
  for (const dump of pack.index.dumps) await loadDump(filling, dump)
  await takeDown(project)
}

async function bringUp(project: Project, intent: UpIntent): Promise<void> {
  const load = async () => {
    const loaded = await project.loaded()
    return wantedFor(project, await offlineIntent(project, loaded, intent))
  }
  const { outcome } = await runIntent(project, { command: 'unpack', load })
  project.signal.throwIfAborted()
  if (!outcome.ok)
    throw new StackError([
      error('unpack-failed', `the databases of the pack do not start (${intent.services.join(', ')})`),
    ])
}

/** Works without a network: nothing is pulled or built. */
const FILLING: UpIntent = { ...UP, noDeps: true, noBuild: true, pull: 'never', wait: true }

/** Removes containers and networks, and keeps volumes. */
export async function takeDown(project: Project): Promise<void> {
  await runIntent(project, { command: 'unpack', load: () => wantedFor(project, DOWN) })
}

async function loadDump({ project, stack, pack, transfer, say }: Filling, dump: PackedDump): Promise<void> {
  const { signal } = project
  const replicas = await (await project.reader()).list(stack.name, { all: false }, signal)
  const server = replicas.find(({ service }) => service === dump.service)
  if (!server) throw new StackError([error('unpack-failed', `the database of service "${dump.service}" does not run`)])
  await transfer.dumps.in(server.id, dump.family, pack.content(dump.path), signal)
  say(`Loaded the database of ${dump.service}`)
}
