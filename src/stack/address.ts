/**
 * The subject of a step or an event. `container/web/1` is replica 1 of service `web`; `oneoff` and `orphan` name a
 * container, `stack` a project, the others a key of the stack. Built and parsed in this file only.
 */
export type Address =
  | `service/${string}`
  | `container/${string}/${number}`
  | `image/${string}`
  | `network/${string}`
  | `volume/${string}`
  | `orphan/${string}`
  | `oneoff/${string}`
  | `stack/${string}`

export type AddressKind = 'service' | 'container' | 'image' | 'network' | 'volume' | 'orphan' | 'oneoff' | 'stack'

export const containerAddress = (service: string, number: number): Address => `container/${service}/${number}`
export const serviceAddress = (name: string): Address => `service/${name}`
/** By image reference, or by a model's name. */
export const imageAddress = (reference: string): Address => `image/${reference}`
export const networkAddress = (key: string): Address => `network/${key}`
export const volumeAddress = (key: string): Address => `volume/${key}`
/** By container name; so are the following ones. */
export const orphanAddress = (name: string): Address => `orphan/${name}`
export const oneOffAddress = (name: string): Address => `oneoff/${name}`
export const stackAddress = (name: string): Address => `stack/${name}`

export function kindOf(address: Address): AddressKind {
  return address.slice(0, address.indexOf('/')) as AddressKind
}

/** The part after the kind: `web/1` of `container/web/1`, `front` of `network/front`. */
export function nameIn(address: Address): string {
  return address.slice(address.indexOf('/') + 1)
}

/** `web-1` for a container, the plain name for everything else. */
export function shortName(address: Address): string {
  const name = nameIn(address)
  return kindOf(address) === 'container' ? name.replace(/\/(\d+)$/, '-$1') : name
}

export function serviceOf(address: Address): string | undefined {
  const kind = kindOf(address)
  return kind === 'service' || kind === 'container' ? address.split('/')[1] : undefined
}

export function replicaAt(address: Address): { service: string; number: number } | undefined {
  const [kind, service = '', number = ''] = address.split('/')
  return kind === 'container' ? { service, number: Number(number) } : undefined
}
