/**
 * Why a registry did not do what was asked. `unreachable`: no answer; `denied`: the credentials are missing or insufficient; `missing`:
 * there is no such thing; `refused`: any other refusal; `invalid`: an answer that cannot be trusted or understood.
 */
export type RegistryErrorKind = 'unreachable' | 'denied' | 'missing' | 'refused' | 'invalid'

export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  constructor(
    readonly kind: RegistryErrorKind,
    message: string,
    options: ErrorOptions & { /** The HTTP status of a refusal. */ status?: number } = {},
  ) {
    super(message, options)
    this.status = options.status
  }
  readonly status: number | undefined
}
