import { type Diagnostic, error, warning } from '../../../../diagnostics/diagnostic.ts'
import type { PlanBuilder } from '../../../../plan/builder.ts'
import type { Declared } from '../../../backend.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import type { UpContext } from '../types.ts'
import { isBlind } from './known.ts'

/** Two directories with one project name: containers of the other directory are only replaced on request. */
export function elsewhere({ declared: { stack }, observed, intent }: UpContext): Diagnostic[] {
  if (observed.elsewhere === undefined || intent.takeOver) return []
  const message = `project ${stack.name} was brought up from ${observed.elsewhere}`
  const hint =
    'use another project name (-p NAME, or a top-level name:), or run up --take-over to replace its containers'
  return [error('other-directory', message, { hint })]
}

interface Noting {
  declared: Declared
  observed: Observed
  builder: PlanBuilder<EngineAction>
}

/** Verbs act on existing containers, from whatever directory; a note says which. */
export function noteElsewhere({ declared: { stack }, observed, builder }: Noting): void {
  if (observed.elsewhere === undefined || isBlind(stack)) return
  builder.note(warning('other-directory', `project ${stack.name} was brought up from ${observed.elsewhere}`))
}
