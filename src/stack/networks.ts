import type { Attachment, Service } from './model.ts'

/** The key of the first network to join. */
export function primaryNetwork(service: Service): string | undefined {
  return attachmentsOf(service)[0]?.[0]
}

/** The networks that a service joins: highest priority first, then by name. */
export function attachmentsOf({ networks }: Service): [string, Attachment][] {
  return Object.entries(networks ?? {})
    .map(([key, attachment]): [string, Attachment] => [key, attachment ?? {}])
    .sort(([a, first], [b, second]) => (second.priority ?? 0) - (first.priority ?? 0) || (a < b ? -1 : 1))
}
