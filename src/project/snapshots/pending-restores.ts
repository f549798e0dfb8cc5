import { join } from 'node:path'
import type { Intent } from '../../backend/intent.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { Project } from '../project.ts'
import { fileLedger, type Ledger } from '../state/ledger.ts'
import { projectKey } from '../state/project-key.ts'

/** A volume whose content is being replaced by that of a snapshot. */
export interface PendingRestore {
  volume: string
  snapshot: string
}

/**
 * Restores that have begun, kept on this machine until they are complete: the engine does not show that a volume was there before. Requires the
 * project's lock.
 */
export class PendingRestores {
  private constructor(private readonly ledger: Ledger) {}

  static async of(project: Project): Promise<PendingRestores> {
    const file = join(project.runtime.stateFolder, 'restoring', `${await projectKey(project)}.log`)
    return new PendingRestores(fileLedger(file, project.stateFailed))
  }

  all(): PendingRestore[] {
    return [...this.ledger.entries().keys()].flatMap((key) => restoreIn(key) ?? [])
  }

  begin(restore: PendingRestore): void {
    this.end(restore.volume)
    this.ledger.set(`${encodeURIComponent(restore.volume)}/${encodeURIComponent(restore.snapshot)}`, 1)
  }

  end(volume: string): void {
    for (const key of this.ledger.entries().keys()) if (restoreIn(key)?.volume === volume) this.ledger.delete(key)
  }
}

/** Undefined for a line that is not ours. */
function restoreIn(key: string): PendingRestore | undefined {
  const [volume, snapshot, more] = key.split('/')
  try {
    if (!volume || !snapshot || more !== undefined) return undefined
    return { volume: decodeURIComponent(volume), snapshot: decodeURIComponent(snapshot) }
  } catch {
    return undefined
  }
}

const STARTING: readonly Intent['kind'][] = ['up', 'start', 'restart', 'run']

/** Throws a StackError if an intent would start containers on a volume whose restoring was interrupted. */
export async function refuseHalfRestored(project: Project, { kind }: Intent): Promise<void> {
  if (!STARTING.includes(kind)) return
  const pending = (await PendingRestores.of(project)).all()
  if (pending.length > 0) throw new StackError(pending.map(halfRestored))
}

function halfRestored({ volume, snapshot }: PendingRestore) {
  const hint = `${ownCommand(`snapshot restore ${snapshot}`)} completes it; ${ownCommand('down -v')} removes the volume`
  return error('half-unpacked', `restoring volume "${volume}" from snapshot ${snapshot} was interrupted`, { hint })
}

/** Volumes that were removed on request need no restoring. */
export async function forgetRestores(project: Project, intent: Intent): Promise<void> {
  if (intent.kind !== 'down' || !intent.volumes) return
  const pending = await PendingRestores.of(project)
  for (const { volume } of pending.all()) pending.end(volume)
}
