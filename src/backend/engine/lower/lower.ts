import type { ContainerSpec, EndpointSpec } from '../../../docker/spec.ts'
import type { Service } from '../../../stack/model.ts'
import { containerName, imageName } from '../../../stack/names.ts'
import type { CreateAttribute } from '../../docker/attributes.ts'
import { deviceRows } from './devices.ts'
import { labelsOf } from './labels.ts'
import { limitRows } from './limits.ts'
import { endpointsOf, networkRows } from './network.ts'
import { processRows } from './process.ts'
import type { Draft, LowerContext, Row } from './row.ts'
import { securityRows } from './security.ts'
import { storageRows } from './storage.ts'

/** A row for every attribute that `docker/attributes.ts` assigns to the create call. */
export const ROWS: { [K in CreateAttribute]: Row<K> } = {
  ...processRows,
  ...networkRows,
  ...storageRows,
  ...deviceRows,
  ...securityRows,
  ...limitRows,
}

/** Sorted, so that equal services yield equal bodies; `deploy` comes last and overrides. */
const IN_ORDER = [
  ...(Object.keys(ROWS) as CreateAttribute[]).filter((key) => key !== 'deploy').sort(),
  'deploy',
] as const

export interface Lowered {
  name: string
  spec: ContainerSpec
  /** The networks to join, by key of the stack, in the order of joining. */
  endpoints: [string, EndpointSpec][]
  platform?: string
}

/** Translates a replica of a service into the body of the engine's create call (ContainerCreate). Pure. */
export function lower(context: LowerContext): Lowered {
  const { stack, service, index } = context
  const name = containerName(stack, context.name, service, index)
  const draft: Draft = { spec: emptySpec(context), host: {} }
  for (const key of IN_ORDER) applyRow(key, draft, context)
  draft.spec.HostConfig = draft.host
  return {
    name,
    spec: draft.spec,
    endpoints: endpointsOf(context),
    ...(service.platform && { platform: service.platform }),
  }
}

function applyRow<K extends CreateAttribute>(key: K, draft: Draft, context: LowerContext): void {
  const value: Service[K] = context.service[key]
  const row = ROWS[key] as Row<K> | undefined
  if (row && value !== undefined && value !== null) row(value as NonNullable<Service[K]>, draft, context)
}

function emptySpec(context: LowerContext): ContainerSpec {
  const { stack, name, service } = context
  return { Image: imageName(stack, name, service), Labels: labelsOf(context), HostConfig: {} }
}
