import type { Engine } from '../../docker/port.ts'
import type { Backend } from '../backend.ts'
import { NO_JOURNAL } from '../journal.ts'
import type { BackendOptions } from '../registry.ts'
import type { EngineAction } from './action.ts'
import { check } from './check.ts'
import { observe } from './observe.ts'
import type { Observed } from './observed.ts'
import { enginePerform } from './perform/performers.ts'
import { settle } from './perform/settle.ts'
import { watchContainers } from './perform/watch.ts'
import { planDown, planStop } from './plan/down.ts'
import { planUp } from './plan/up.ts'
import { engineReader } from './reader.ts'

/** A stack on one Docker engine. */
export function engineBackend(engine: Engine, options: BackendOptions): Backend<Observed, EngineAction> {
  const journal = options.journal ?? NO_JOURNAL
  const watch = watchContainers(engine, options.project)
  return {
    check,
    settle: (settling) => settle(engine, watch, journal, settling),
    observe: (stack, signal, intent) => observe(engine, stack, signal, intent),
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
    perform: enginePerform(engine, { ...options, journal, watch }),
    reader: engineReader(engine),
  }
}
