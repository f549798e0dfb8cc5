import type { ContainerSpec, HostConfig } from '../../../docker/spec.ts'
import type { Service, Stack } from '../../../stack/model.ts'
import type { Sensitive } from '../../../stack/sensitive.ts'
import type { CreateAttribute } from '../../docker/attributes.ts'
import type { EngineHost } from '../../docker/host-paths.ts'

/** The target of an attribute's row: the create call's body, with direct access to the two parts that most rows change. */
export interface Draft {
  spec: ContainerSpec
  host: HostConfig
}

export interface LowerContext {
  stack: Stack
  name: string
  service: Service
  index: number
  /** The engine's API version as a number: 1.41 is 141, 1.9 is 109. */
  api: number
  /** Where the engine runs; by default on this machine. */
  engineHost?: EngineHost
  /** Parts of the stack that must not be shown; none by default. */
  sensitive?: Sensitive
}

/** Translates one attribute of a service into part of the create call. */
export type Row<K extends keyof Service & string> = (
  value: NonNullable<Service[K]>,
  draft: Draft,
  context: LowerContext,
) => void

export type Rows = { [K in CreateAttribute]?: Row<K> }

/** The engine's options are strings; a key without a value becomes an empty string. */
export function texts(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, each]) => [key, each === null ? '' : String(each)]))
}
