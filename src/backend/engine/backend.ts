import type { Engine } from '../../docker/port.ts'
import type { Backend, Looking } from '../backend.ts'
import { NO_JOURNAL } from '../journal.ts'
import type { BackendOptions } from '../registry.ts'
import type { EngineAction } from './action.ts'
import { check } from './check.ts'
import { factsOf } from './facts.ts'
import { look } from './observe.ts'
import type { Observed } from './observed.ts'
import { enginePerform } from './perform/performers.ts'
import { settle } from './perform/settle.ts'
import { watchContainers } from './perform/watch.ts'
import { planDown, planStop } from './plan/down.ts'
import { planUp } from './plan/up.ts'
import { engineReader } from './reader.ts'
import { surroundings } from './surroundings.ts'

/** A stack on one Docker engine. */
export function engineBackend(engine: Engine, options: BackendOptions): Backend<Observed, EngineAction> {
  const journal = options.journal ?? NO_JOURNAL
  const watch = watchContainers(engine, options.project)
  const lookAt = (project: string, signal: AbortSignal): Looking<Observed> => {
    const looking = look(engine, project, signal)
    return async (stack, intent) => {
      const hooksDue = journal.hooks?.pending() ?? {}
      const [found, around] = await Promise.all([looking(stack, intent), surroundings(engine, stack, options, signal)])
      const observed = { ...found, ...around }
      return Object.keys(hooksDue).length > 0 ? { ...observed, hooksDue } : observed
    }
  }
  return {
    check,
    settle: (settling) => settle(engine, watch, journal, settling),
    observe: (stack, signal, intent) => lookAt(stack.name, signal)(stack, intent),
    look: (signal) => lookAt(options.project, signal),
    plan({ declared, observed, intent }) {
      switch (intent.kind) {
        case 'up':
          return planUp(declared, observed, intent)
        case 'down':
          return planDown(declared, observed, intent)
        case 'stop':
          return planStop(declared, observed, intent)
      }
    },
    facts: factsOf,
    perform: enginePerform(engine, { ...options, journal, watch }),
    reader: engineReader(engine),
  }
}
