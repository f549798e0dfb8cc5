import type { ContainerSummary } from '../../../../docker/port.ts'
import type { PlanBuilder } from '../../../../plan/builder.ts'
import type { StepId } from '../../../../plan/step.ts'
import { stepIds } from '../../../../plan/step-id.ts'
import { imageAddress } from '../../../../stack/address.ts'
import { imageName } from '../../../../stack/names.ts'
import type { Declared } from '../../../backend.ts'
import { familiar, imageFinder, mayBeId } from '../../../docker/image-reference.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import type { DownIntent } from '../../../intent.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'

interface Removal {
  declared: Declared
  observed: Observed
  builder: PlanBuilder<EngineAction>
  /** Whether there is no stack file: then labels say what belongs to the project. */
  blind: boolean
  targets: ContainerSummary[]
  /** The step that removes each target, by container id. */
  removed: ReadonlyMap<string, StepId>
}

/**
 * Removes images by name, after the containers that use them. Built ones are those with the project's label or, made by old
 * versions of Compose, with the name of a service's build. Source: docker/compose, pkg/compose/image_pruner.go.
 */
export function removeImages(removal: Removal, intent: DownIntent): void {
  const { observed, builder, targets, removed } = removal
  const imageOf = imageFinder(observed.images)
  const wanted = [...builtFor(removal, intent), ...(intent.images === 'all' ? namedBy(removal, intent) : [])]
  for (const reference of [...new Set(wanted.map(familiar))].sort()) {
    const id = imageOf(reference)?.id
    if (id === undefined) continue
    builder.add({
      id: stepIds.remove(imageAddress(reference)),
      subject: imageAddress(reference),
      verb: 'remove',
      cause: 'requested',
      after: targets.flatMap((each) => (each.imageId === id ? (removed.get(each.id) ?? []) : [])),
      action: { kind: 'remove-image', reference },
    })
  }
}

function builtFor({ declared: { stack }, observed, blind }: Removal, intent: DownIntent): string[] {
  const services = Object.entries(stack.services).filter(([name]) => isChosen(intent, name))
  const isKnown = (name = '') => (intent.removeOrphans || blind ? true : name in stack.services)
  const labelled = observed.images.filter(({ labels }) => {
    const service = labels[COMPOSE.service]
    return labels[COMPOSE.project] === stack.name && isKnown(service) && isChosen(intent, service)
  })
  const unnamed = services.filter(([, { image, provider }]) => image === undefined && !provider)
  return [
    ...labelled.flatMap(({ tags }) => tags.slice(0, 1)),
    ...unnamed.map(([name, service]) => imageName(stack, name, service)),
  ]
}

/** The images that services name; without a stack file, those that their containers were made from. */
function namedBy({ declared: { stack }, targets, blind }: Removal, intent: DownIntent): string[] {
  if (blind) return targets.flatMap(({ image }) => (mayBeId(image) ? [] : [image]))
  const chosen = Object.entries(stack.services).filter(([name]) => isChosen(intent, name))
  return chosen.flatMap(([, { image }]) => (image === undefined || mayBeId(image) ? [] : [image]))
}

function isChosen({ services }: DownIntent, name = ''): boolean {
  return services.length === 0 || services.includes(name)
}
