import type { ContainerDetail, ImageDetail } from '../../docker/port.ts'
import type { ContainerSpec } from '../../docker/spec.ts'
import { diffFields } from '../../plan/diff.ts'
import type { FieldChange } from '../../plan/step.ts'
import { namesSecret } from '../../stack/sensitive.ts'
import { withoutDefaults } from './image-defaults.ts'
import { READINGS, readSpec, type View } from './readings.ts'

/**
 * What differs between a container and what is wanted, where no fingerprint of ours can tell. Only what is declared, or was
 * declared and is no image default, counts: the engine's own defaults do not.
 * @param image what the container was made from, for its defaults
 */
export function compareByInspecting(
  wanted: ContainerSpec,
  actual: ContainerDetail,
  image: ImageDetail | undefined,
): FieldChange[] {
  const to = withoutDefaults(readSpec(wanted), image)
  const from = withoutDefaults(readSpec(actual.spec), image)
  const silent = ['working_dir', 'stop_signal', 'healthcheck'].filter((key) => to[key] === undefined)
  return markSecrets(diffFields(omit(from, silent), to))
}

/** Attributes whose image defaults an image's details do not tell count only where they are declared. */
function omit(view: View, keys: string[]): View {
  return Object.fromEntries(Object.entries(view).filter(([key]) => !keys.includes(key)))
}

/**
 * The changed paths of a fingerprint, with values where the container can be inspected.
 * @param image what it was made from: what the image sets itself is nobody's declaration
 */
export function explainChanges(
  paths: string[],
  wanted: ContainerSpec,
  actual: ContainerDetail | undefined,
  image: ImageDetail | undefined,
): FieldChange[] {
  const from = actual ? withoutDefaults(readSpec(actual.spec), image) : {}
  const to = readSpec(wanted)
  const attributes = [...new Set(paths.map(attributeOf))]
  return markSecrets(attributes.flatMap((attribute) => explain(attribute, paths, from, to)))
}

function explain(attribute: string, paths: string[], from: View, to: View): FieldChange[] {
  const found = attribute in READINGS ? diffFields(pick(from, attribute), pick(to, attribute)) : []
  if (found.length > 0) return found
  return paths
    .filter((path) => attributeOf(path) === attribute)
    .map((path) => ({ path, from: undefined, to: undefined }))
}

function attributeOf(path: string): string {
  if (path.startsWith('deploy.resources')) return 'deploy.resources'
  return path.split('.')[0] ?? path
}

function pick(view: View, key: string): View {
  return key in view ? { [key]: view[key] } : {}
}

function markSecrets(changes: FieldChange[]): FieldChange[] {
  return changes.map((change) => {
    const name = change.path.split('.').at(-1) ?? ''
    return namesSecret(name) || change.path.startsWith('secrets.') ? { ...change, secret: true } : change
  })
}
