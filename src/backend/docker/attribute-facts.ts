import type { Service } from '../../stack/model.ts'

/** An attribute, or one of its values, that engines support only from some version on. */
export interface Since<T> {
  /** Path below the attribute; `*` matches any key or index. Absent: the attribute itself. */
  path?: string
  /** API version 1.44 is 144. */
  api: number
  /** The first release of Docker with that API. */
  docker: string
  /** The behaviour of an older engine; absent: the service is refused, since it would not be what its declaration asks for. */
  instead?: string
  /** The values that need it, for the table in docs/compose-support.md; all by default. */
  only?: string
  when?(value: unknown, keys: string[], subject: T): boolean
}

/** Who implements part of an attribute: an engine, only a swarm, or nobody. */
export type Carrier = 'engine' | 'swarm' | 'nobody'

export interface AttributeFacts {
  /** `create`: a row of `engine/lower` adds it to the create call. `elsewhere`: another step or command applies it. */
  applied: 'create' | 'elsewhere' | 'create and elsewhere'
  /**
   * Whether a change recreates the container. `no`: the attribute affects how or when a container is created, not what it is.
   * `apart`: only parts of it count, or the things that it refers to, see `fields.ts`.
   */
  compared: 'yes' | 'no' | 'apart'
  /** Source: https://docs.docker.com/reference/api/engine/version-history/ */
  since?: readonly Since<Service>[]
  /** The carriers of a mapping's parts; a part that is not listed has the attribute's own carrier. */
  parts?: Readonly<Record<string, Carrier>>
  /** Has an effect on Windows only; an engine on Linux ignores it silently. */
  windows?: true
  /** The command that applies it, if that is not `up`. */
  command?: string
}
