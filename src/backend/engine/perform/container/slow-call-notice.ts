import { reportSlowCall } from '../../../../execute/slow-call.ts'
import type { Perform } from '../../../../execute/step-context.ts'
import type { EngineAction } from '../../action.ts'
import { DEFAULT_GRACE } from './stop.ts'

/** Milliseconds that a call may take beyond the usual; absent for calls that take long or report their own progress. */
const ALLOWANCES: { [K in EngineAction['kind']]?: (action: EngineAction & { kind: K }) => number } = {
  'create-network': () => 0,
  'remove-network': () => 0,
  'create-volume': () => 0,
  'remove-volume': () => 0,
  'create-container': () => 0,
  'connect-network': () => 0,
  'disconnect-network': () => 0,
  'put-files': () => 0,
  'attach-container': () => 0,
  'start-container': () => 0,
  'stop-container': ({ grace = DEFAULT_GRACE }) => grace * 1000,
  // The engine may answer a kill only once the container has ended.
  'kill-container': () => DEFAULT_GRACE * 1000,
  'pause-container': () => 0,
  'unpause-container': () => 0,
  // A running container is stopped first.
  'remove-container': () => DEFAULT_GRACE * 1000,
  'rename-container': () => 0,
  'set-restart-policy': () => 0,
  'report-data': () => 0,
  'check-database': () => 0,
  'check-running': () => 0,
}

/** Reports, as a step's progress, calls that the engine has not answered for long. */
export function noticeSlowCalls(perform: Perform<EngineAction>): Perform<EngineAction> {
  return (action, context) => {
    const allowance = ALLOWANCES[action.kind] as ((action: EngineAction) => number) | undefined
    const performed = perform(action, context)
    return allowance ? reportSlowCall(performed, context, allowance(action)) : performed
  }
}
