import type { Mount, Network, Service, Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import { fileKey, profileOf } from '../../stack/seccomp.ts'
import { isMapping } from '../../util/object.ts'
import { factsOf } from './attributes.ts'

/** The parts of `deploy` that affect a container. */
const DEPLOY_COMPARED = ['resources', 'restart_policy'] as const

/**
 * The declaration of a service's container, by path: one entry for each leaf of a mapping, one for each list. A container is
 * recreated if and only if one of these entries changes. Environment, command and entrypoint are one entry each, so that their
 * hashes reveal nothing about single values.
 */
export function declaredFields(stack: Stack, name: string): Record<string, unknown> {
  const service = stack.services[name] ?? stack.inactive[name] ?? {}
  const own = Object.entries(service).filter(([key]) => factsOf(key)?.compared === 'yes')
  const fields: Record<string, unknown> = { image: imageName(stack, name, service) }
  for (const [key, value] of own) flattenInto(fields, key, key === 'volumes' ? mountsOf(stack, service) : value)
  for (const key of DEPLOY_COMPARED) flattenInto(fields, `deploy.${key}`, service.deploy?.[key])
  for (const [key, attachment] of Object.entries(service.networks ?? {})) {
    flattenInto(fields, `networks.${key}`, { name: stack.networks[key]?.name, ...attachment })
  }
  return {
    ...fields,
    ...profileFields(stack, service),
    ...fileFields(stack, service, 'secrets', 'secret'),
    ...fileFields(stack, service, 'configs', 'config'),
  }
}

const WHOLE = new Set(['environment', 'command', 'entrypoint'])

function flattenInto(fields: Record<string, unknown>, path: string, value: unknown): void {
  if (value === undefined) return
  if (WHOLE.has(path) || !isMapping(value) || Object.keys(value).length === 0) {
    fields[path] = value
    return
  }
  for (const [key, each] of Object.entries(value)) flattenInto(fields, `${path}.${key}`, each)
}

/** A named volume is compared by its name on the engine. */
function mountsOf(stack: Stack, service: Service): Mount[] {
  const named = (mount: Mount) =>
    mount.type === 'volume' && mount.source ? stack.volumes[mount.source]?.name : undefined
  return (service.volumes ?? []).map((mount) => {
    const source = named(mount)
    return source ? { ...mount, source } : mount
  })
}

/** Secrets and configs are compared by content, whatever its source. */
function fileFields(stack: Stack, service: Service, key: 'secrets' | 'configs', kind: string): Record<string, unknown> {
  const references = service[key] ?? []
  return Object.fromEntries(
    references.map((reference) => {
      const digest = stack.digests[`${kind}/${reference.source}`]
      return [`${key}.${reference.target ?? reference.source}`, { ...reference, digest }]
    }),
  )
}

/** A seccomp profile is compared by content. */
function profileFields({ digests, origin }: Stack, { security_opt = [] }: Service): Record<string, unknown> {
  const found = security_opt.flatMap((option) => {
    const path = profileOf(option, origin.workingDir)
    return path === undefined ? [] : (digests[fileKey(path)] ?? [])
  })
  return found.length > 0 ? { 'security_opt.profile': found } : {}
}

/** The declaration of a network without its labels: those are in the engine's lists. */
export function networkFields(network: Network): Record<string, unknown> {
  const { name: _name, external: _external, labels: _labels, ...rest } = network
  const fields: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(rest)) if (!isDefault(key, value)) flattenInto(fields, key, value)
  return fields
}

/** Declaring a default explicitly changes nothing. */
function isDefault(key: string, value: unknown): boolean {
  if (key === 'driver') return value === 'bridge' || value === 'default'
  return value === false || (key === 'enable_ipv4' && value === true)
}
