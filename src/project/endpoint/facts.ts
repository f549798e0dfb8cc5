/** The known facts about a published port, from which its URL is built. */
export interface PortFacts {
  /** The port inside the container. */
  target: number
  protocol: string
  image: string
  command: string
  env: ReadonlyMap<string, string>
  /** A password from the environment, or from the file that `NAME_FILE` names. */
  password(...names: string[]): Password
}

/** A password as it may be shown; `unset` if there is none. */
export type Password = { kind: 'unset' } | { kind: 'known'; text: string } | { kind: 'hidden' }

/** A kind of service: which ports it matches, and its URL for a given `host:port`. */
export interface Kind {
  name: string
  matches(facts: PortFacts): boolean
  url(at: string, facts: PortFacts): string
}

/** The first of the variables with a non-empty value. */
export function firstOf({ env }: Pick<PortFacts, 'env'>, ...names: string[]): string | undefined {
  return names.map((name) => env.get(name)).find((value) => value !== undefined && value !== '')
}

export const HIDDEN = '••••'

/** `user:password@`, percent-encoded; a password that must not be shown becomes dots. */
export function credentials(user: string | undefined, password: Password): string {
  const name = encode(user ?? '')
  if (password.kind === 'unset') return name && `${name}@`
  return `${name}:${password.kind === 'hidden' ? HIDDEN : encode(password.text)}@`
}

/** Percent-encodes like encodeURIComponent, plus the separators and quotes that it leaves unencoded. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
}
