import type { Attribute, Network, Service } from '../../stack/model.ts'
import type { AttributeFacts, Carrier, Since } from './attribute-facts.ts'
import { ATTRIBUTES } from './attributes.ts'

function attributesWith<K extends keyof AttributeFacts>(key: K): [Attribute, NonNullable<AttributeFacts[K]>][] {
  return Object.entries(ATTRIBUTES as Record<string, AttributeFacts>).flatMap(([name, facts]) => {
    const value = facts[key]
    return value === undefined ? [] : [[name as Attribute, value as NonNullable<AttributeFacts[K]>]]
  })
}

/** Dotted paths below a service, e.g. `deploy.placement`. */
export function partsOf(carrier: Carrier): string[] {
  return attributesWith('parts').flatMap(([name, parts]) =>
    Object.entries(parts).flatMap(([part, each]) => (each === carrier ? [`${name}.${part}`] : [])),
  )
}

export const WINDOWS_ONLY = attributesWith('windows').map(([name]) => name)

/** Paths are relative to a service. */
export const SERVICE_SINCE: readonly (Since<Service> & { path: string })[] = attributesWith('since').flatMap(
  ([name, rows]) => rows.map((row) => ({ ...row, path: row.path === undefined ? name : `${name}.${row.path}` })),
)

/** The same for networks. */
export const NETWORK_SINCE: readonly (Since<Network> & { path: string })[] = [
  {
    path: 'enable_ipv4',
    api: 148,
    docker: '28',
    instead: 'the network has IPv4 addresses nevertheless',
    only: '`false`',
    when: (value) => value === false,
  },
]
