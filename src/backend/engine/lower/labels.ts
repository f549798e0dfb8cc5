import { fingerprint } from '../../../plan/fingerprint.ts'
import type { Service } from '../../../stack/model.ts'
import { configHash } from '../../docker/config-hash.ts'
import { declaredFields } from '../../docker/fields.ts'
import { COMPOSE, CONVENTIONS, OURS } from '../../docker/labels.ts'
import { secretPaths, secretPathsLabel } from '../../docker/secret-paths.ts'
import type { LowerContext } from './row.ts'

/** The user's labels, Compose's, our fingerprint, and the secret paths. The image's id is added once it is known. */
export function labelsOf({ stack, name, service, index, sensitive }: LowerContext): Record<string, string> {
  const fields = declaredFields(stack, name)
  const secrets = sensitive ? secretPathsLabel(secretPaths(sensitive, name)) : undefined
  const salt = `${stack.name}-${name}-${index}`
  return {
    ...service.labels,
    [COMPOSE.project]: stack.name,
    [COMPOSE.service]: name,
    [COMPOSE.number]: String(index),
    [COMPOSE.oneoff]: 'False',
    [COMPOSE.configHash]: configHash(stack, name),
    [COMPOSE.workingDir]: stack.origin.workingDir,
    [COMPOSE.configFiles]: stack.origin.configFiles.join(','),
    ...(stack.origin.envFiles && { [COMPOSE.envFiles]: stack.origin.envFiles.join(',') }),
    [COMPOSE.dependsOn]: dependsOnLabel(service),
    [COMPOSE.version]: CONVENTIONS,
    [OURS.fingerprint]: fingerprint(fields, salt),
    ...(secrets && { [OURS.masked]: secrets }),
  }
}

/** `db:service_healthy:false,cache:service_started:true`: name, condition, and whether a restart propagates. */
function dependsOnLabel(service: Service): string {
  return Object.entries(service.depends_on ?? {})
    .map(([name, { condition, restart }]) => `${name}:${condition}:${restart ?? false}`)
    .sort()
    .join(',')
}
