import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Apart, HookJournal, Journal, NetworkJournal } from '../../backend/journal.ts'
import { fileLedger, type Ledger } from './ledger.ts'
import type { OnFailure } from './state-folder.ts'

/** Added to a grace period: the engine needs a moment to kill, and clocks are not exact. */
const MARGIN_MS = 2_000

/**
 * A journal in small files of the user's state directory: container ids and the time until which each can still be stopping. It is
 * written before the engine is asked, so a killed command leaves it behind. Where it cannot be written, nothing is remembered.
 */
export function fileJournal(folder: string, project: string, wallTime: () => number, onFailure?: OnFailure): Journal {
  const name = createHash('sha256').update(project).digest('hex').slice(0, 16)
  const ledgerIn = (part: string) => fileLedger(join(folder, part, `${name}.log`), onFailure)
  const ledger = ledgerIn('stopping')
  return {
    hooks: hookJournal(ledgerIn('hooks')),
    networks: networkJournal(ledgerIn('networks')),
    stopping: (container, graceMs) => ledger.set(container, Math.ceil(wallTime() + graceMs + MARGIN_MS)),
    stopped: (container) => ledger.delete(container),
    pending: () =>
      [...ledger.entries()].map(([container, until]) => ({ container, remainingMs: Math.max(0, until - wallTime()) })),
  }
}

/** A separate file, since its entries outlive any grace period. */
function hookJournal(ledger: Ledger): HookJournal {
  return {
    due: (container, next) => ledger.set(container, next),
    done: (container) => ledger.delete(container),
    pending: () => Object.fromEntries(ledger.entries()),
  }
}

/** A key is an encoded record, without spaces. */
function networkJournal(ledger: Ledger): NetworkJournal {
  const found = () => [...ledger.entries().keys()].map((key) => ({ key, apart: apartIn(key) }))
  const forget = (isMeant: (apart: Apart) => boolean) => {
    for (const { key, apart } of found()) if (apart && isMeant(apart)) ledger.delete(key)
  }
  return {
    left: (apart) => ledger.set(encodeURIComponent(JSON.stringify(apart)), 1),
    joined: (container, network) => forget((each) => each.container === container && each.network === network),
    gone: (container) => forget((each) => each.container === container),
    pending: () => found().flatMap(({ apart }) => apart ?? []),
  }
}

/** Undefined for a line that this program did not write. */
function apartIn(key: string): Apart | undefined {
  try {
    const { container, network, endpoint } = JSON.parse(decodeURIComponent(key)) as Partial<Apart>
    return container && network && endpoint ? { container, network, endpoint } : undefined
  } catch {
    return undefined
  }
}
