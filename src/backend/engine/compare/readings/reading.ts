import type { ContainerSpec, EndpointSpec } from '../../../../docker/spec.ts'

/** A container as it is wanted or as the engine keeps it, in one shape, for what both are compared by. */
export interface Made {
  spec: ContainerSpec
  /** Absent where it has the form that names take by default. */
  name?: string
  /** By key of the stack, or by the engine's name for a network without one. */
  endpoints: Record<string, EndpointSpec>
  /** The key of the network that was joined first, if it is known. */
  first?: string
  /** Names that a container has in its networks in any case. */
  ownNames: readonly string[]
  /** Of what is kept: the first 12 digits of its id. */
  shortId?: string
  /** `os/architecture`, as far as it is known. */
  platform?: string
  /** A mode such as `container:ID` in the words of the stack file: `service:db`. */
  place(mode: string | undefined): string | undefined
}

/** How each attribute reads, by its path in the stack file; `undefined` if nothing is said of it. */
export type Readings = Record<string, (made: Made) => unknown>
