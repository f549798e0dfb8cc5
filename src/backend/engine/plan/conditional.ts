import type { When } from '../../../plan/step.ts'
import { imageName } from '../../../stack/names.ts'
import { planConnects } from './container/connects.ts'
import { addDueHooks } from './container/hooks.ts'
import { keepReplica, startReplica, unpauseReplica } from './container/replica.ts'
import { serviceIn } from './context.ts'
import type { Decision, PlannedReplica, ReplicaInput } from './types.ts'
import { replaceReplica } from './update/replace.ts'

/** Keeps, starts or unpauses a container, unless the condition of its replacement turns out to hold. */
export function carryOutUnless(
  condition: When | undefined,
  decision: Decision & { kind: 'keep' | 'start' | 'unpause' },
  input: ReplicaInput,
): PlannedReplica {
  if (decision.kind === 'keep') return keepOrReplace(input, condition)
  const again = decision.kind === 'start' ? startReplica : unpauseReplica
  return condition ? startOrReplace(input, condition, again, decision.cause) : again(input, decision.cause)
}

/** A running container whose image may change: it is kept, and connected to its networks, until that is known. */
function keepOrReplace(input: ReplicaInput, when: When | undefined): PlannedReplica {
  const connected = [...planConnects(input), ...addDueHooks(input)]
  return when ? replaceIf({ ...input, before: [...input.before, ...connected] }, when) : keepReplica(input)
}

/** A stopped container whose image may change: it is replaced if the image changes, otherwise `again` starts it. */
function startOrReplace(input: ReplicaInput, when: When, again: typeof startReplica, cause: string): PlannedReplica {
  const ready = [...input.ready, { step: when.output, on: 'success' as const }]
  const same = again({ ...input, ready }, cause, opposite(when))
  const { when: _condition, ...other } = replaceIf(input, when)
  return { ...other, started: [...same.started, ...other.started], settled: [...same.settled, ...other.settled] }
}

function opposite(when: When): When {
  const { output, field } = when
  return 'differs' in when ? { output, field, equals: when.differs } : { output, field, differs: when.equals }
}

function replaceIf(input: ReplicaInput, when: When): PlannedReplica {
  const { context, slot } = input
  const cause = `image ${imageName(context.declared.stack, slot.service, serviceIn(context, slot.service))} changed`
  const supplied = 'the variables of its providers, or its image, changed'
  return { ...replaceReplica(input, input.provided ? supplied : cause, [], when), when }
}
