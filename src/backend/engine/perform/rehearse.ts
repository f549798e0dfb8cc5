import type { Engine } from '../../../docker/port.ts'
import type { Perform } from '../../../execute/step-context.ts'
import { rehearsePull, rehearsePush } from '../../docker/rehearse-images.ts'
import type { EngineAction } from '../action.ts'
import { noticeSlowCalls } from './container/slow-call-notice.ts'

/** Asks what must be known before an action can succeed, and changes nothing: registries whether they have the images. */
export function engineRehearse(engine: Engine): Perform<EngineAction> {
  return noticeSlowCalls(async (action, context) => {
    if (action.kind === 'pull-image') await rehearsePull(engine, action, context)
    if (action.kind === 'push-image') await rehearsePush(engine, action, context)
    return {}
  })
}
