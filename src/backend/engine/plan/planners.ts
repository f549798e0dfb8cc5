import type { Checked } from '../../../diagnostics/checked.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { Declared } from '../../backend.ts'
import type { Intent, IntentOf } from '../../intent.ts'
import type { EngineAction } from '../action.ts'
import type { Observed } from '../observe/observed.ts'
import { scaledStack } from '../observe/scale.ts'
import { planBuildImages } from './command/build.ts'
import { planDown } from './command/down.ts'
import { planKill } from './command/kill.ts'
import { planPause } from './command/pause.ts'
import { planPull } from './command/pull.ts'
import { planPush } from './command/push.ts'
import { planRemove } from './command/remove.ts'
import { planRestart } from './command/restart.ts'
import { planRun } from './command/run.ts'
import { planStart } from './command/start.ts'
import { planStop } from './command/stop.ts'
import { planUp } from './command/up.ts'

type Planner<I> = (declared: Declared, observed: Observed, intent: I) => Checked<Plan<EngineAction>>

/** One planner for every kind of intent; an intent without one does not compile. */
const planners: { [K in Intent['kind']]: Planner<IntentOf<K>> } = {
  up: (declared, observed, intent) =>
    planUp({ ...declared, stack: scaledStack(declared.stack, intent) }, observed, intent),
  down: planDown,
  run: planRun,
  start: planStart,
  stop: planStop,
  restart: planRestart,
  kill: planKill,
  pause: planPause,
  unpause: planPause,
  rm: planRemove,
  pull: planPull,
  push: planPush,
  build: planBuildImages,
}

/** Pure. */
export function planIntent(declared: Declared, observed: Observed, intent: Intent): Checked<Plan<EngineAction>> {
  const plan = planners[intent.kind] as Planner<Intent>
  return plan(declared, observed, intent)
}
