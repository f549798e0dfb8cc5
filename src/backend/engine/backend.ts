import type { Engine } from '../../docker/port.ts'
import type { Stack } from '../../stack/model.ts'
import { otherOrigin } from '../../stack/origin.ts'
import type { Backend, PendingObservation } from '../backend.ts'
import { originOf } from '../docker/labels.ts'
import type { UpIntent } from '../intent.ts'
import { type Journal, NO_JOURNAL } from '../journal.ts'
import type { BackendOptions } from '../options.ts'
import type { EngineAction } from './action.ts'
import { check } from './check/check.ts'
import { observeEnvironment } from './observe/environment.ts'
import { startObserve } from './observe/observe.ts'
import type { Observed } from './observe/observed.ts'
import { scaledStack } from './observe/scale.ts'
import { snapshotFacts } from './observe/snapshot-facts.ts'
import { stillDetached } from './perform/container/detached-networks.ts'
import { settle } from './perform/container/settle.ts'
import { enginePerform } from './perform/performers.ts'
import { watchContainers } from './perform/ready/watch.ts'
import { engineRehearse } from './perform/rehearse.ts'
import { planIntent } from './plan/planners.ts'
import { engineReader } from './read/reader.ts'

/** A stack on one Docker engine. */
export function engineBackend(engine: Engine, options: BackendOptions): Backend<Observed, EngineAction> {
  const journal = options.journal ?? NO_JOURNAL
  const watch = watchContainers(engine, options.project)
  const observing = (project: string, signal: AbortSignal) => observeAll({ engine, options, journal, signal }, project)
  return {
    check,
    settle: (settling) => settle(engine, watch, journal, settling),
    observe: (stack, signal, intent) => observing(stack.name, signal)(stack, intent),
    startObserve: (signal) => observing(options.project, signal),
    plan: ({ declared, observed, intent }) => planIntent(declared, observed, intent),
    facts: snapshotFacts,
    perform: enginePerform(engine, { ...options, journal, watch }),
    rehearse: engineRehearse(engine),
    reader: engineReader(engine),
  }
}

interface Observer {
  engine: Engine
  options: BackendOptions
  journal: Journal
  signal: AbortSignal
}

/** Combines the engine's state with facts from this machine and the journal. */
function observeAll({ engine, options, journal, signal }: Observer, project: string): PendingObservation<Observed> {
  const pending = startObserve(engine, project, signal)
  return async (stack, given) => {
    const intent = given?.kind === 'run' ? creating(given.up) : given
    const hooksDue = journal.hooks?.pending() ?? {}
    const [found, around] = await Promise.all([
      pending(scaledStack(stack, intent), intent),
      observeEnvironment({ engine, stack, signal }, options, intent),
    ])
    const elsewhere = otherDirectory(found, stack, options)
    const apart = stillDetached(journal.networks, found.containers)
    return {
      ...found,
      ...around,
      ...(Object.keys(hooksDue).length > 0 && { hooksDue }),
      ...(apart.length > 0 && { apart }),
      ...(elsewhere !== undefined && { elsewhere }),
    }
  }
}

function otherDirectory({ containers }: Observed, { origin }: Stack, { realDirectory }: BackendOptions) {
  const origins = containers.map((each) => originOf(each.labels))
  return otherOrigin(origins, origin, realDirectory ?? (() => undefined))
}

/** A `run` always creates a container, so everything that a creation needs is observed. */
function creating(up: UpIntent): UpIntent {
  return { ...up, forceRecreate: true }
}
