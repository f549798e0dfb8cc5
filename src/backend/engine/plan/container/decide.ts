import type { ContainerDetail } from '../../../../docker/port.ts'
import { changedSince } from '../../../../plan/fingerprint.ts'
import type { FieldChange, When } from '../../../../plan/step.ts'
import { declaredFields } from '../../../docker/fields.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { hasExited, isAlive, isPaused, isUnstarted } from '../../../state.ts'
import { compareByInspecting, explainChanges } from '../../compare/compare.ts'
import { maskChanges } from '../../compare/mask-changes.ts'
import { hasDone, isJobIn } from '../../observe/slots.ts'
import type { Candidate, Decision, UpContext } from '../types.ts'
import { isStranded } from './bound-network.ts'
import { livesElsewhere } from './shared.ts'

/** Pure. The first reason that applies becomes the cause. */
export function decide(candidate: Candidate): Decision {
  const { slot, context } = candidate
  const { current } = slot
  if (!current) return { kind: 'create', cause: 'not created yet' }
  const reason = context.intent.noRecreate ? undefined : reasonToReplace(candidate)
  if (reason) return { kind: 'replace', ...reason }
  if (isPaused(current) && !context.intent.noStart) return { kind: 'unpause', cause: 'it is paused' }
  return runs(candidate) ? { kind: 'keep' } : { kind: 'start', cause: whyStopped(candidate) }
}

/** The condition of a replacement that `decide` cannot know of: a pull or build may yield another image. */
export function conditionToReplace({ context, slot, image, shared, provided }: Candidate): When | undefined {
  if (!slot.current || context.intent.noRecreate) return undefined
  if (provided) return { output: provided, field: 'same', equals: false }
  if (!image.step) return shared.when
  return { output: image.step, field: 'imageId', differs: slot.current.imageId }
}

type Reason = Pick<Decision & { kind: 'replace' }, 'cause' | 'changes'>

function reasonToReplace(candidate: Candidate): Reason | undefined {
  const { context, slot, image, shared } = candidate
  const { services, forceRecreate, recreateDependencies } = context.intent
  const done = hasExited(slot.current) && runs(candidate)
  if (shared.renewed && !done)
    return {
      cause: `it shares a namespace or volume with ${shared.renewed}, which is recreated or restarted`,
      changes: [],
    }
  if (context.observed.staleNamespaces?.includes(slot.current?.id ?? ''))
    return { cause: 'it shares the namespaces of a container that was restarted', changes: [] }
  const isNamed = services.length === 0 || services.includes(slot.service)
  const isNeeded = !isNamed && context.declared.graph.closure(services).has(slot.service)
  if ((forceRecreate && isNamed) || (recreateDependencies && isNeeded))
    return { cause: 'recreate requested', changes: [] }
  const origin = otherDirectory(candidate)
  if (origin !== undefined && !done) return { cause: `it was brought up from ${origin}`, changes: [] }
  const changes = declarationChanges(candidate)
  if (changes.length > 0) return { cause: `${summary(changes)} changed`, changes }
  if (livesElsewhere(shared, slot) && !done)
    return { cause: 'it shares a namespace or volume with a container that was replaced', changes: [] }
  if (isStranded(context, slot.current, candidate.networks) && !done)
    return { cause: 'the network that it was created in was replaced', changes: [] }
  const stale = staleNetwork(candidate)
  if (stale) return { cause: `network "${stale}" was replaced`, changes: [] }
  const moved = image.known !== undefined && !image.step && slot.current?.imageId !== image.known
  if (moved) return { cause: `image ${candidate.lowered.spec.Image} changed`, changes: [] }
  return undefined
}

/** The directory of a container that `--take-over` takes from another directory: its labels name the old one. */
function otherDirectory({ context: { intent, declared, observed }, slot }: Candidate): string | undefined {
  if (!intent.takeOver || observed.elsewhere === undefined) return undefined
  const directory = slot.current?.labels[COMPOSE.workingDir]
  return directory === declared.stack.origin.workingDir ? undefined : directory
}

/** A stopped container can only start in the networks that it was in, by id. */
function staleNetwork(candidate: Candidate): string | undefined {
  const { context, slot, networks } = candidate
  const { current } = slot
  if (!current || runs(candidate)) return undefined
  return networks.find(({ key, planned }) => {
    const joined = current.networks[context.declared.stack.networks[key]?.name ?? '']?.networkId
    return joined !== undefined && joined !== '' && joined !== planned.id
  })?.key
}

/** By the fingerprint if it is readable, else by comparing with the inspected container. */
function declarationChanges({ context, slot, lowered }: Candidate): FieldChange[] {
  const { declared, observed } = context
  const current = slot.current
  if (!current || observed.asDeclared?.has(current.id)) return []
  const detail = observed.details[current.id]
  const paths = changedSince(current.labels[OURS.fingerprint], declaredFields(declared.stack, slot.service))
  const changes = compared({ context, slot, lowered }, detail, paths)
  return maskChanges(changes, { sensitive: declared.sensitive, service: slot.service, labels: current.labels, detail })
}

function compared(
  { context, slot, lowered: wanted }: Pick<Candidate, 'context' | 'slot' | 'lowered'>,
  detail: ContainerDetail | undefined,
  paths: string[] | undefined,
): FieldChange[] {
  const { declared, observed } = context
  const names = { stack: declared.stack, service: slot.service, observed }
  const both = { wanted, names, image: observed.imageDetails[detail?.imageId ?? ''] }
  if (!paths) return detail ? compareByInspecting(both, detail) : []
  return paths.length > 0 ? explainChanges(paths, both, detail) : []
}

function summary(changes: FieldChange[]): string {
  const [first, ...others] = [...new Set(changes.map((change) => change.path))]
  return others.length === 0 ? `${first}` : `${first} and ${others.length} more`
}

/** Whether the container runs or is a completed job. */
function runs({ context, slot: { current } }: Candidate): boolean {
  return current !== undefined && (isAlive(current) || hasDone(context.declared.stack, current))
}

/** A service that another one waits for with `service_completed_successfully`. */
export function isJob({ declared: { stack } }: UpContext, name: string): boolean {
  return isJobIn(stack, name)
}

function whyStopped({ slot }: Candidate): string {
  const { current } = slot
  if (!current || isUnstarted(current)) return 'created but not started'
  return current.exitCode === undefined ? `it is ${current.state}` : `it exited with ${current.exitCode}`
}
