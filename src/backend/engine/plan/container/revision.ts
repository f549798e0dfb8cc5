import type { ContainerSummary, ImageSummary } from '../../../../docker/port.ts'
import { changedSince } from '../../../../plan/fingerprint.ts'
import type { Stack } from '../../../../stack/model.ts'
import { imageName } from '../../../../stack/names.ts'
import { declaredFields } from '../../../docker/fields.ts'
import { HERE } from '../../../docker/host-paths.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { compareByInspecting } from '../../compare/compare.ts'
import { lower } from '../../lower/lower.ts'
import type { IsCurrent } from '../../observe/numbers.ts'
import type { Observed } from '../../observe/observed.ts'

export interface Revision {
  stack: Stack
  observed: Observed
  api: number
  imageOf(reference: string): ImageSummary | undefined
}

/** A check whether a container is as declared and runs the current image of its reference. */
export function revisionOf(revision: Revision): IsCurrent {
  return (container) => runsImage(revision, container) && isAsDeclared(revision, container)
}

function runsImage({ stack, imageOf }: Revision, { labels, imageId }: ContainerSummary): boolean {
  const name = labels[COMPOSE.service] ?? ''
  const known = imageOf(imageName(stack, name, stack.services[name] ?? {}))
  return known === undefined || known.id === imageId
}

function isAsDeclared({ stack, observed, api }: Revision, { id, labels }: ContainerSummary): boolean {
  const name = labels[COMPOSE.service] ?? ''
  const changed = changedSince(labels[OURS.fingerprint], declaredFields(stack, name))
  if (changed) return changed.length === 0
  const detail = observed.details[id]
  if (!detail) return false
  const service = stack.services[name] ?? {}
  const wanted = lower({
    stack,
    name,
    service,
    index: Number(labels[COMPOSE.number]),
    api,
    engineHost: observed.engineHost ?? HERE,
  })
  const both = { wanted, names: { stack, service: name, observed }, image: observed.imageDetails[detail.imageId] }
  return compareByInspecting(both, detail).length === 0
}
