import type { RegistryCredentials } from '../registry/credentials.ts'

/** A stack that was fetched to this machine. */
export interface FetchedStack {
  /** Absolute; the stack file. */
  file: string
  /** Absolute; contains all files of the stack. */
  folder: string
}

export interface FetchOptions {
  /** Absolute; flotilla's folder for what can be fetched again. */
  cache: string
  env: Readonly<Record<string, string | undefined>>
  /** Registries that may be asked without encryption. */
  insecure: readonly string[]
  credentialsFor(registry: string): Promise<RegistryCredentials | undefined>
  signal: AbortSignal
}
