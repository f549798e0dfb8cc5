import type { StepId, When } from '../../../../plan/step.ts'
import { stepIds, type Variant } from '../../../../plan/step-id.ts'
import type { Service } from '../../../../stack/model.ts'
import { isRunning } from '../../../state.ts'
import type { Id } from '../../action.ts'
import { familyOf, writableMounts } from '../../database/family.ts'
import { writablePlaces } from '../../observe/data-risk.ts'
import { serviceIn } from '../context.ts'
import { adder, addressOf } from '../steps.ts'
import type { ReplicaInput } from '../types.ts'

/**
 * Before a database server starts on existing data: checks that it can read them, through the container that is not
 * started yet. Not needed if the same image already runs on the data.
 */
export function addDatabaseCheck(
  input: ReplicaInput,
  container: Id,
  { variant, when }: { variant: Variant; when?: When },
  created?: StepId,
): StepId[] {
  const { context, slot } = input
  const service = serviceIn(context, slot.service)
  const targets = [...writableMounts(service).map(({ target }) => target), ...targetsOf(slot.current?.mounts)]
  const family = familyOf(service, targets)
  if (!family || isOnlyCreated(input)) return []
  const kept = keptPlaces(input, service)
  if (kept.length === 0 || runsOnThem(input, kept)) return []
  const action = { kind: 'check-database', service: slot.service, container, family, kept } as const
  const id = stepIds.check(addressOf(slot), variant)
  const cause = 'whether it can read the existing data'
  return [adder(input, when)({ id, verb: 'check', cause, after: [created], action })]
}

function isOnlyCreated({ context, slot }: ReplicaInput): boolean {
  return context.intent.noStart && slot.current === undefined
}

function targetsOf(mounts: readonly { target: string; readOnly: boolean }[] = []): string[] {
  return mounts.filter(({ readOnly }) => !readOnly).map(({ target }) => target)
}

/** Existing volumes, by name, and directories: declared, or of the container that is replaced. */
function keptPlaces({ context, slot }: ReplicaInput, service: Service): string[] {
  const { stack } = context.declared
  const declared = writableMounts(service).flatMap(({ type, source }) => {
    if (source === undefined || type === 'bind') return source ?? []
    const name = stack.volumes[source]?.name ?? source
    return context.lookup.volume(name) ? [name] : []
  })
  return [...new Set([...declared, ...(slot.current ? writablePlaces(slot.current) : [])])].sort()
}

function runsOnThem({ slot: { current }, image }: ReplicaInput, kept: readonly string[]): boolean {
  const same = !image.step && image.known === current?.imageId
  if (!current || !isRunning(current) || !same) return false
  const mounted = writablePlaces(current)
  return kept.every((place) => mounted.includes(place))
}
