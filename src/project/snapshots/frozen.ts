import { join } from 'node:path'
import { capabilityOf } from '../../backend/capability.ts'
import type { Freezer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import type { Project } from '../project.ts'
import { fileLedger, type Ledger } from '../state/ledger.ts'
import { projectKey } from '../state/project-key.ts'

/**
 * Freezes containers while the work runs. Which ones is recorded first, so that the next command thaws what a killed one left frozen.
 * Requires the project's lock.
 */
export async function whileFrozen<T>(
  project: Project,
  containers: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const [{ freezer }, ledger] = await Promise.all([transferOf(project), ledgerOf(project)])
  try {
    for (const id of containers) {
      ledger.set(id, 1)
      await freeze(project, freezer, id)
    }
    return await work()
  } finally {
    await thawAll(freezer, ledger, containers)
  }
}

const TRIES = 10
const PAUSE_MS = 200

async function freeze({ clock, signal }: Project, freezer: Freezer, container: string): Promise<void> {
  for (let tries = 1; !(await freezer.freeze(container)); tries++) {
    if (tries === TRIES) throw new StackError([error('engine-error', `container ${container} cannot be frozen`)])
    await clock.sleep(PAUSE_MS, signal)
  }
}

/** Thaws what a killed command left frozen. Requires the project's lock. Resolves to whether there was anything. */
export async function thawFrozen(project: Project): Promise<boolean> {
  const ledger = await ledgerOf(project)
  const containers = [...ledger.entries().keys()]
  if (containers.length === 0) return false
  await thawAll((await transferOf(project)).freezer, ledger, containers)
  return true
}

/** The last one that was frozen goes first: its clients wait for it. */
async function thawAll(freezer: Freezer, ledger: Ledger, containers: readonly string[]): Promise<void> {
  for (const id of [...containers].reverse()) {
    if (!ledger.entries().has(id)) continue
    await freezer.thaw(id)
    ledger.delete(id)
  }
}

async function transferOf(project: Project) {
  return capabilityOf(await project.reader(), 'transfer')
}

async function ledgerOf(project: Project): Promise<Ledger> {
  const file = join(project.runtime.stateFolder, 'frozen', `${await projectKey(project)}.log`)
  return fileLedger(file, project.stateFailed)
}
