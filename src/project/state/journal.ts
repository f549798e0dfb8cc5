import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Apart, Creation, CreationJournal, HookJournal, Journal, NetworkJournal } from '../../backend/journal.ts'
import { fileLedger, type Ledger } from './ledger.ts'
import type { OnFailure } from './state-folder.ts'

/** Milliseconds added to a grace period: the engine's kill takes a moment, and clocks are not exact. */
const MARGIN_MS = 2_000

/** The maximum time, in milliseconds, for the engine to create something: a busy one takes seconds. */
const CREATION_MS = 10_000

/**
 * A journal in small files of the user's state directory: container ids with the time until which each may still be stopping.
 * Entries are written before the request, so they survive a killed command. If they cannot be written, nothing is recorded.
 */
export function fileJournal(folder: string, project: string, wallTime: () => number, onFailure?: OnFailure): Journal {
  const name = createHash('sha256').update(project).digest('hex').slice(0, 16)
  const ledgerIn = (part: string) => fileLedger(join(folder, part, `${name}.log`), onFailure)
  const ledger = ledgerIn('stopping')
  return {
    creations: creationJournal(ledgerIn('creating'), wallTime),
    hooks: hookJournal(ledgerIn('hooks')),
    networks: networkJournal(ledgerIn('networks')),
    stopping: (container, graceMs) => ledger.set(container, Math.ceil(wallTime() + graceMs + MARGIN_MS)),
    stopped: (container) => ledger.delete(container),
    pending: () =>
      [...ledger.entries()].map(([container, until]) => ({ container, remainingMs: Math.max(0, until - wallTime()) })),
  }
}

/** A key consists of kind and name: `container/lab-web-1`. */
function creationJournal(ledger: Ledger, wallTime: () => number): CreationJournal {
  const keyOf = ({ kind, name }: Creation) => `${kind}/${encodeURIComponent(name)}`
  return {
    requested: (creation) => ledger.set(keyOf(creation), Math.ceil(wallTime() + CREATION_MS)),
    answered: (creation) => ledger.delete(keyOf(creation)),
    pending: () =>
      [...ledger.entries()].flatMap(([key, until]) => {
        const creation = creationIn(key)
        // A clock that was set back does not lengthen the wait.
        const remainingMs = Math.min(CREATION_MS, Math.max(0, until - wallTime()))
        return creation ? [{ ...creation, remainingMs }] : []
      }),
  }
}

/** Undefined for a line that is not ours. */
function creationIn(key: string): Creation | undefined {
  const [, kind, name = ''] = /^(container|network|volume|removal)\/([^/]+)$/.exec(key) ?? []
  try {
    return kind === undefined ? undefined : { kind: kind as Creation['kind'], name: decodeURIComponent(name) }
  } catch {
    return undefined
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

/** Undefined for a line that is not ours. */
function apartIn(key: string): Apart | undefined {
  try {
    const { container, network, endpoint } = JSON.parse(decodeURIComponent(key)) as Partial<Apart>
    return container && network && endpoint ? { container, network, endpoint } : undefined
  } catch {
    return undefined
  }
}
