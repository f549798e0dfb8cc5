import type { Engine } from '../../docker/port.ts'
import type { Stack } from '../../stack/model.ts'
import type { Backend } from '../backend.ts'
import type { EngineAction } from './action.ts'
import { check } from './check.ts'
import { observe } from './observe.ts'
import type { Observed } from './observed.ts'
import { enginePerform, type PerformOptions } from './perform/performers.ts'
import { planDown, planStop } from './plan/down.ts'
import { planUp } from './plan/up.ts'
import { engineReader } from './reader.ts'

/** A stack on one Docker engine. */
export function engineBackend(engine: Engine, options: PerformOptions): Backend<Observed, EngineAction> {
  return {
    check,
    observe: (stack: Stack, signal: AbortSignal) => observe(engine, stack, signal),
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
    perform: enginePerform(engine, options),
    reader: engineReader(engine),
  }
}
