import type { ContainerDetail } from '../../../../docker/port.ts'
import { changedSince } from '../../../../plan/fingerprint.ts'
import type { FieldChange, When } from '../../../../plan/step.ts'
import { declaredFields } from '../../../docker/fields.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { hasExited, hasSucceeded, isAlive, isPaused, isUnstarted } from '../../../state.ts'
import { compareByInspecting, explainChanges } from '../../compare/compare.ts'
import { maskChanges } from '../../compare/mask-changes.ts'
import type { Candidate, Decision } from '../types.ts'
import { lostNetwork, strandedBy } from './network-fate.ts'
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

/** The reasons in order of precedence; a completed job has no part in what others do. */
function reasonToReplace(candidate: Candidate): Reason | undefined {
  const isCompleted = hasExited(candidate.slot.current) && runs(candidate)
  const cause =
    (isCompleted ? undefined : renewedHost(candidate)) ??
    lostNamespaces(candidate) ??
    recreateRequested(candidate) ??
    (isCompleted ? undefined : takenOver(candidate))
  if (cause !== undefined) return { cause, changes: [] }
  const changes = declarationChanges(candidate)
  if (changes.length > 0) return { cause: `${summary(changes)} changed`, changes }
  const replaced =
    (isCompleted ? undefined : (lostHost(candidate) ?? strandedBy(candidate))) ??
    lostNetwork(candidate, runs(candidate)) ??
    otherImage(candidate)
  return replaced === undefined ? undefined : { cause: replaced, changes: [] }
}

function renewedHost({ shared: { renewed } }: Candidate): string | undefined {
  return renewed && `it shares a namespace or volume with ${renewed}, which is recreated or restarted`
}

function lostNamespaces({ context, slot }: Candidate): string | undefined {
  const isStale = context.observed.staleNamespaces?.includes(slot.current?.id ?? '')
  return isStale ? 'it shares the namespaces of a container that was restarted' : undefined
}

function recreateRequested({ context, slot }: Candidate): string | undefined {
  const { intent, named, recreated } = context
  const isNamed = named.size === 0 || named.has(slot.service)
  const isRequested = isNamed ? intent.forceRecreate : recreated.has(slot.service)
  return isRequested ? 'recreate requested' : undefined
}

/** A container that `--take-over` takes from another directory: its labels name the old one. */
function takenOver({ context: { intent, declared, observed }, slot }: Candidate): string | undefined {
  if (!intent.takeOver || observed.elsewhere === undefined) return undefined
  const directory = slot.current?.labels[COMPOSE.workingDir]
  if (directory === undefined || directory === declared.stack.origin.workingDir) return undefined
  return `it was brought up from ${directory}`
}

function lostHost({ shared, slot }: Candidate): string | undefined {
  return livesElsewhere(shared, slot) ? 'it shares a namespace or volume with a container that was replaced' : undefined
}

function otherImage({ slot, image, lowered }: Candidate): string | undefined {
  const isOther = image.known !== undefined && !image.step && slot.current?.imageId !== image.known
  return isOther ? `image ${lowered.spec.Image} changed` : undefined
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
function runs({ context, slot: { current, service } }: Candidate): boolean {
  return current !== undefined && (isAlive(current) || (hasSucceeded(current) && context.lookup.isJob(service)))
}

function whyStopped({ slot }: Candidate): string {
  const { current } = slot
  if (!current || isUnstarted(current)) return 'created but not started'
  return current.exitCode === undefined ? `it is ${current.state}` : `it exited with ${current.exitCode}`
}
