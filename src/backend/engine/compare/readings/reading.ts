import type { ContainerSpec, EndpointSpec } from '../../../../docker/spec.ts'

/** A container, wanted or actual, in one shape for comparison. */
export interface Made {
  spec: ContainerSpec
  /** Absent for a default name. */
  name?: string
  /** By network key, or by the engine's name for a network without a key. */
  endpoints: Record<string, EndpointSpec>
  /** The key of the first network to join, if known. */
  first?: string
  /** The names that the container always has in its networks. */
  ownNames: readonly string[]
  /** For an actual container: the first 12 digits of its id. */
  shortId?: string
  /** `os/architecture`, as far as known. */
  platform?: string
  /** Translates a mode such as `container:ID` into the stack file's terms: `service:db`. */
  place(mode: string | undefined): string | undefined
}

/** Reads each attribute, by its path in the stack file; `undefined` if it is not set. */
export type Readings = Record<string, (made: Made) => unknown>
