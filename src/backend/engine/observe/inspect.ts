import type { ContainerSummary, ImageDetail, ImageSummary } from '../../../docker/port.ts'
import { changedSince, isUnderstood } from '../../../plan/fingerprint.ts'
import type { Stack } from '../../../stack/model.ts'
import { imageName } from '../../../stack/names.ts'
import { declaredFields } from '../../docker/fields.ts'
import { findImage } from '../../docker/image-reference.ts'
import { COMPOSE, OURS } from '../../docker/labels.ts'
import { withoutProxies } from '../../docker/proxies.ts'
import { wantsUnlisted } from './addresses.ts'
import type { Observed, Observing } from './observed.ts'

/**
 * Inspects each container that does not simply run as declared and the images needed to understand it, and reads the engine's API
 * version.
 */
export async function inspectDetails(
  observing: Observing,
  listed: readonly ImageSummary[],
  odd: ContainerSummary[],
): Promise<Required<Pick<Observed, 'engine' | 'details' | 'imageDetails'>>> {
  const { engine, stack, signal } = observing
  const isDeclared = (each: Pick<ContainerSummary, 'labels'>) => (each.labels[COMPOSE.service] ?? '') in stack.services
  // Orphans need an inspect only for addresses that they may have to release.
  const asked = wantsUnlisted(stack) ? odd : odd.filter(isDeclared)
  const [apiVersion, details] = await Promise.all([
    engine.apiVersion(signal),
    Promise.all(asked.map((container) => engine.inspectContainer(container.id, signal))),
  ])
  const found = details.flatMap((detail) => {
    const service = stack.services[detail?.labels[COMPOSE.service] ?? '']
    return detail ? [withoutProxies(engine, detail, service?.environment ?? {})] : []
  })
  const images = found
    .filter((each) => isDeclared(each) && isCompared(stack, each.labels))
    .map(({ imageId }) => imageId)
  return {
    engine: { apiVersion },
    details: Object.fromEntries(found.map((detail) => [detail.id, detail])),
    imageDetails: await inspectImages(observing, listed, images),
  }
}

/** Whether a container will be compared, field by field. */
function isCompared(stack: Stack, labels: Record<string, string>): boolean {
  if (!isUnderstood(labels[OURS.fingerprint])) return true
  const fields = declaredFields(stack, labels[COMPOSE.service] ?? '')
  return (changedSince(labels[OURS.fingerprint], fields) ?? []).length > 0
}

/** Images of containers that are compared: their defaults must be distinguished from declarations. */
async function inspectImages(
  { engine, stack, signal }: Observing,
  listed: readonly ImageSummary[],
  ids: string[],
): Promise<Record<string, ImageDetail>> {
  if (ids.length === 0) return {}
  const declared = Object.entries(stack.services).map(
    ([name, service]) => findImage(listed, imageName(stack, name, service))?.id,
  )
  const wanted = new Set([...ids, ...declared.filter((id) => id !== undefined)])
  const details = await Promise.all([...wanted].map((id) => engine.inspectImage(id, signal)))
  return Object.fromEntries(details.flatMap((detail) => (detail ? [[detail.id, detail] as const] : [])))
}
