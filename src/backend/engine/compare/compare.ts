import type { ContainerDetail, ImageDetail } from '../../../docker/port.ts'
import { diffFields } from '../../../plan/diff.ts'
import type { FieldChange } from '../../../plan/step.ts'
import { namesSecret } from '../../../stack/secret-names.ts'
import type { Lowered } from '../lower/lower.ts'
import { withoutFilledIn } from './engine-defaults.ts'
import { withDefaults, withinWanted } from './image-defaults.ts'
import { keptMade, type Names, wantedMade } from './readings/made.ts'
import { attributeOf, inOneWay, READINGS, readMade } from './readings/readings.ts'
import type { AttributeValues } from './readings/words.ts'

export interface Compared {
  wanted: Lowered
  names: Names
  /** The container's image, which has its defaults; absent if the image is gone. */
  image: ImageDetail | undefined
}

/**
 * The differences between a container and its declaration when no fingerprint of ours is available. A value counts only if it is
 * declared, or if it is no longer declared and is not a default of the image or the engine.
 */
export function compareByInspecting(compared: Compared, actual: ContainerDetail): FieldChange[] {
  const { wanted, names, image } = compared
  const { from, to } = views(compared, actual)
  const declares = (path: string) => isDeclared(names, path)
  const changes = diffFields(inOneWay(from, declares), inOneWay(to, declares))
  const [was, is] = [keptMade(wanted, names, actual, image).first, wanted.endpoints[0]?.[0]]
  const moved = was !== undefined && is !== undefined && was !== is && changes.length === 0
  return markSecrets(moved ? [{ path: `networks.${is}.priority`, from: `after ${was}`, to: `before ${was}` }] : changes)
}

/** Whether a service declares a value at or below a path, e.g. `deploy.resources.limits.memory`. */
function isDeclared({ stack, service }: Names, path: string): boolean {
  let found: unknown = stack.services[service]
  for (const key of path.split('.')) found = (found as AttributeValues | null | undefined)?.[key]
  return found !== undefined && found !== null
}

/** Both sides in the stack file's terms, with defaults applied. */
function views(
  { wanted, names, image }: Compared,
  actual: ContainerDetail,
): { from: AttributeValues; to: AttributeValues } {
  const kept = keptMade(wanted, names, actual, image)
  const [from, to] = [readMade(kept), readMade(wantedMade(wanted, names, actual))]
  const [fromImage, toImage] = image
    ? [withDefaults(from, image), withDefaults(to, image)]
    : [withinWanted(from, to), to]
  return { from: withoutFilledIn(fromImage, toImage, kept), to: toImage }
}

/** The changed paths of a fingerprint, with values if the container can be inspected. */
export function explainChanges(
  paths: string[],
  compared: Compared,
  actual: ContainerDetail | undefined,
): FieldChange[] {
  const { from, to } = actual
    ? views(compared, actual)
    : { from: {}, to: readMade(wantedMade(compared.wanted, compared.names, undefined)) }
  const attributes = [...new Set(paths.map(attributeOf))]
  return markSecrets(attributes.flatMap((attribute) => explain(attribute, paths, from, to)))
}

function explain(attribute: string, paths: string[], from: AttributeValues, to: AttributeValues): FieldChange[] {
  const own = paths.filter((path) => attributeOf(path) === attribute)
  const found = attribute in READINGS ? diffFields(pick(from, attribute), pick(to, attribute)) : []
  const related = found.filter(({ path }) => own.some((each) => isWithin(path, each) || isWithin(each, path)))
  const reported = related.length > 0 ? related : found
  return reported.length > 0 ? reported : own.map((path) => ({ path, from: undefined, to: undefined }))
}

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`)
}

function pick(values: AttributeValues, key: string): AttributeValues {
  return key in values ? { [key]: values[key] } : {}
}

function markSecrets(changes: FieldChange[]): FieldChange[] {
  return changes.map((change) => {
    const name = change.path.split('.').at(-1) ?? ''
    return namesSecret(name) || change.path.startsWith('secrets.') ? { ...change, secret: true } : change
  })
}
