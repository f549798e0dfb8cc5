import type { ContainerSpec, HostConfig } from '../../../docker/spec.ts'
import type { Service, Stack } from '../../../stack/model.ts'
import type { Sensitive } from '../../../stack/sensitive.ts'
import type { CreateAttribute } from '../../docker/attributes.ts'
import type { EngineHost } from '../../docker/host-paths.ts'

/** Where an attribute's row writes: the create call's body, with the two parts that most rows touch at hand. */
export interface Draft {
  spec: ContainerSpec
  host: HostConfig
}

export interface LowerContext {
  stack: Stack
  name: string
  service: Service
  index: number
  /** The engine's API version as a number: 1.41 is 141, 1.9 would be 109. */
  api: number
  /** Where the engine runs; by default on this machine. */
  engineHost?: EngineHost
  /** Parts of the stack that must not be shown; by default none. */
  sensitive?: Sensitive
}

/** How one attribute of a service becomes part of the create call. */
export type Row<K extends keyof Service & string> = (
  value: NonNullable<Service[K]>,
  draft: Draft,
  context: LowerContext,
) => void

export type Rows = { [K in CreateAttribute]?: Row<K> }

/** The engine's options are texts; a key without a value is an empty one. */
export function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, each]) => [key, each === null ? '' : String(each)]))
}
