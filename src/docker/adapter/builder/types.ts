import type { Keyring } from '../../auth.ts'
import type { BuildOptions, BuildSpec } from '../../port.ts'
import type { Link } from '../http/link.ts'
import type { Dockerfile } from './dockerfile.ts'

/** The dependencies of a build. */
export interface Builder {
  link: Link
  keyring: Keyring
  env: Record<string, string | undefined>
}

/** A build together with the facts gathered before it starts. */
export interface Prepared {
  spec: BuildSpec
  options: BuildOptions
  /** Absent for a context that the engine fetches. */
  dockerfile?: Dockerfile
}
