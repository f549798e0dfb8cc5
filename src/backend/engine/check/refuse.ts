import { type Diagnostic, error, warning } from '../../../diagnostics/diagnostic.ts'
import type { FileObject, FileReference, Service } from '../../../stack/model.ts'
import { fileKey, profileOf } from '../../../stack/seccomp.ts'
import { isSeen } from '../place.ts'
import { serviceIn, type UpContext } from '../plan/context.ts'
import { WINDOWS_ONLY } from '../surroundings.ts'

/** What cannot be carried out for the selected services on this very engine, by name and place. */
export function refusals(context: UpContext): Diagnostic[] {
  return context.selection.flatMap((name) => {
    const service = serviceIn(context, name)
    return [
      ...foreignSystem(context, name, service),
      ...unreadableProfiles(context, name, service),
      ...unseenPaths(context, name, service),
      ...withoutContent(context, name, service.secrets ?? [], 'secret'),
      ...withoutContent(context, name, service.configs ?? [], 'config'),
    ]
  })
}

/** What Linux has no such thing for; of other such attributes the engine itself tells. */
function foreignSystem({ declared, place }: UpContext, name: string, service: Service): Diagnostic[] {
  return place.os === 'windows'
    ? []
    : WINDOWS_ONLY.filter((key) => service[key] !== undefined).map((key) => {
        const at = declared.spanOf(`services.${name}.${key}`)
        return warning('not-supported', `"${key}" of service "${name}" has no effect: the engine runs on ${place.os}`, {
          at,
        })
      })
}

function unreadableProfiles({ declared }: UpContext, name: string, { security_opt = [] }: Service): Diagnostic[] {
  const { stack, spanOf } = declared
  return security_opt.flatMap((option, i) => {
    const path = profileOf(option, stack.origin.workingDir)
    if (path === undefined || stack.digests[fileKey(path)] !== undefined) return []
    const at = spanOf(`services.${name}.security_opt.${i}`)
    return [error('path-missing', `the seccomp profile ${path} of service "${name}" cannot be read`, { at })]
  })
}

/** A directory of this machine would be another, mostly empty one on the engine's. */
function unseenPaths({ declared, place }: UpContext, name: string, { volumes = [] }: Service): Diagnostic[] {
  return volumes.flatMap(({ type, source = '' }, i) => {
    if (type !== 'bind' || isSeen(source, place)) return []
    const at = declared.spanOf(`services.${name}.volumes.${i}`)
    const message = `service "${name}" mounts ${source}, which is on this machine: the engine runs on another one`
    const hint = 'use a named volume, a config, or an image with the files; FLOTILLA_SHARED_PATHS names what both have'
    return [error('not-supported', message, { at, hint })]
  })
}

function withoutContent(
  context: UpContext,
  name: string,
  references: FileReference[],
  kind: 'secret' | 'config',
): Diagnostic[] {
  const { stack, spanOf } = context.declared
  return references.flatMap(({ source }) => {
    const object = stack[`${kind}s`][source]
    const reason = object && reasonAgainst(object, stack.digests[`${kind}/${source}`] !== undefined, kind)
    if (!reason) return []
    const [words, hint] = reason
    const at = spanOf(`${kind}s.${source}`)
    return [error('not-supported', `${kind} "${source}" of service "${name}" ${words}`, { at, hint })]
  })
}

/** Secrets and configs that an engine keeps exist in a swarm only, and so do drivers of them. */
function reasonAgainst(object: FileObject, isKnown: boolean, kind: string): [words: string, hint: string] | undefined {
  const { external, driver, template_driver, environment } = object
  const elsewhere = `give the ${kind} a "file" or an "environment" variable instead`
  if (external) return ['is external, and a plain engine keeps none', elsewhere]
  if (driver) return [`comes from the driver "${driver}", which only a swarm has`, elsewhere]
  if (template_driver) return [`is a template of "${template_driver}", which only a swarm expands`, elsewhere]
  if (environment !== undefined && !isKnown)
    return [`takes its content from the variable ${environment}, which is not set`, `set ${environment}, or use a file`]
  return undefined
}
