/**
 * What a step or an event is about. `container/web/1` is replica 1 of service `web`; `oneoff` and `orphan` name a container, `stack` all
 * of it, the others a key of the stack.
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

export function kindOf(address: Address): AddressKind {
  return address.slice(0, address.indexOf('/')) as AddressKind
}

/** `web-1` for a container, the plain name for everything else: how users are used to read it. */
export function shortName(address: Address): string {
  const name = address.slice(address.indexOf('/') + 1)
  return kindOf(address) === 'container' ? name.replace(/\/(\d+)$/, '-$1') : name
}

/** The service that an address belongs to, if it belongs to one. */
export function serviceOf(address: Address): string | undefined {
  const kind = kindOf(address)
  return kind === 'service' || kind === 'container' ? address.split('/')[1] : undefined
}
