/**
 * What a step or an event is about. `container/web/1` is replica 1 of service `web`; `oneoff` and `orphan` name a container, `stack` all
 * of it, the others a key of the stack. Built and read in this file only.
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
/** By the reference of the image, or the name of a model. */
export const imageAddress = (reference: string): Address => `image/${reference}`
export const networkAddress = (key: string): Address => `network/${key}`
export const volumeAddress = (key: string): Address => `volume/${key}`
/** By the name of the container, here and below. */
export const orphanAddress = (name: string): Address => `orphan/${name}`
export const oneOffAddress = (name: string): Address => `oneoff/${name}`
export const stackAddress = (name: string): Address => `stack/${name}`

export function kindOf(address: Address): AddressKind {
  return address.slice(0, address.indexOf('/')) as AddressKind
}

/** What follows the kind: `web/1` of `container/web/1`, `front` of `network/front`. */
export function nameIn(address: Address): string {
  return address.slice(address.indexOf('/') + 1)
}

/** `web-1` for a container, the plain name for everything else: how users are used to read it. */
export function shortName(address: Address): string {
  const name = nameIn(address)
  return kindOf(address) === 'container' ? name.replace(/\/(\d+)$/, '-$1') : name
}

/** The service that an address belongs to, if it belongs to one. */
export function serviceOf(address: Address): string | undefined {
  const kind = kindOf(address)
  return kind === 'service' || kind === 'container' ? address.split('/')[1] : undefined
}

/** The replica that an address names, if it names one. */
export function replicaAt(address: Address): { service: string; number: number } | undefined {
  const [kind, service = '', number = ''] = address.split('/')
  return kind === 'container' ? { service, number: Number(number) } : undefined
}
