import { type Diagnostic, error, warning } from '../../../../diagnostics/diagnostic.ts'
import type { Span } from '../../../../diagnostics/span.ts'
import type { FileObject, FileReference, Service } from '../../../../stack/model.ts'
import { fileKey, profileOf } from '../../../../stack/seccomp.ts'
import { WINDOWS_ONLY } from '../../../docker/attribute-lists.ts'
import { type EngineHost, isMounted, isOwned, isSeen } from '../../../docker/host-paths.ts'
import { losesLabel } from '../../lower/mounts.ts'
import { takesCredentials } from '../../lower/storage.ts'
import { serviceIn } from '../context.ts'
import type { UpContext } from '../types.ts'
import { invalidPlatforms } from './platforms.ts'

/** Attributes of the selected services that this engine does not support, with their places. */
export function refusals(context: UpContext): Diagnostic[] {
  const ofServices = context.selection.flatMap((name) => {
    const service = serviceIn(context, name)
    return [
      ...foreignSystem(context, name, service),
      ...unreadableProfiles(context, name, service),
      ...lostLabels(context, name, service),
      ...unseenPaths(context, name, service),
      ...withoutCredentials(context, name, service),
      ...filesOf(context, name, service, 'secret'),
      ...filesOf(context, name, service, 'config'),
    ]
  })
  return [...invalidPlatforms(context), ...ofServices]
}

/** Attributes without an equivalent on Linux that the engine ignores silently. */
function foreignSystem({ declared, engineHost }: UpContext, name: string, service: Service): Diagnostic[] {
  if (engineHost.os === 'windows') return []
  return WINDOWS_ONLY.filter((key) => service[key] !== undefined).map((key) => {
    const at = declared.spanOf(`services.${name}.${key}`)
    const message = `"${key}" of service "${name}" has no effect: the engine runs on ${engineHost.os}`
    return warning('not-supported', message, { at })
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

function lostLabels({ declared }: UpContext, name: string, { volumes = [] }: Service): Diagnostic[] {
  return volumes.flatMap((mount, i) => {
    if (!losesLabel(mount)) return []
    const at = declared.spanOf(`services.${name}.volumes.${i}.bind.selinux`)
    const message = `"volumes.${i}.bind.selinux" of service "${name}" has no effect on this mount`
    const hint = 'the engine only labels named volumes, and directories that it may create'
    return [warning('not-supported', message, { at, hint })]
  })
}

/** A directory of this machine would be a different, usually empty one on the engine's. */
function unseenPaths({ declared, engineHost }: UpContext, name: string, { volumes = [] }: Service): Diagnostic[] {
  return volumes.flatMap(({ type, source = '' }, i) => {
    if (type !== 'bind' || isSeen(source, engineHost)) return []
    const at = declared.spanOf(`services.${name}.volumes.${i}`)
    const message = `service "${name}" mounts ${source}, which is on this machine: the engine runs on another one`
    const hint =
      'use a named volume, a config, or an image with the files; FLOTILLA_SHARED_PATHS lists directories that both machines have'
    return [error('not-supported', message, { at, hint })]
  })
}

function filesOf(context: UpContext, name: string, service: Service, kind: 'secret' | 'config'): Diagnostic[] {
  const { stack, spanOf } = context.declared
  return (service[`${kind}s`] ?? []).flatMap((reference, i) => {
    const { source } = reference
    const object = stack[`${kind}s`][source]
    const what = `${kind} "${source}" of service "${name}"`
    const reason = object && reasonAgainst(object, stack.digests[`${kind}/${source}`] !== undefined, kind)
    if (reason)
      return [error('not-supported', `${what} ${reason[0]}`, { at: spanOf(`${kind}s.${source}`), hint: reason[1] })]
    const at = spanOf(`services.${name}.${kind}s.${i}`)
    return service.read_only ? readOnly({ what, reference, object, at }, context.engineHost) : []
  })
}

function withoutCredentials({ declared }: UpContext, name: string, service: Service): Diagnostic[] {
  if (!service.read_only || !takesCredentials({ ...service, read_only: false })) return []
  const at = declared.spanOf(`services.${name}.use_api_socket`)
  const message = `service "${name}" gets the engine's socket without credentials: it is read-only, so nothing can be copied into it`
  return [warning('not-supported', message, { at, hint: 'mount a Docker configuration and set DOCKER_CONFIG' })]
}

interface UsedFile {
  what: string
  reference: FileReference
  object: FileObject | undefined
  at: Span | undefined
}

/** The engine copies nothing into a container with a read-only root file system: files can only be mounted. */
function readOnly({ what, reference, object, at }: UsedFile, engineHost: EngineHost): Diagnostic[] {
  if (!isMounted(reference, object, engineHost, { read_only: true })) {
    const hint = 'use a "file" on the machine of the engine, or remove "read_only"'
    return [error('not-supported', `${what} cannot be copied into it: it is read-only`, { at, hint })]
  }
  const hint = 'the file is mounted as it is because nothing can be copied into a read-only service'
  const message = `${what} keeps the owner and the permissions of its file`
  return isOwned(reference) ? [warning('not-supported', message, { at, hint })] : []
}

/** External secrets and configs, and drivers of them, only exist in a swarm. */
function reasonAgainst(object: FileObject, isKnown: boolean, kind: string): [words: string, hint: string] | undefined {
  const { external, driver, template_driver, environment } = object
  const elsewhere = `give the ${kind} a "file" or an "environment" variable instead`
  if (external) return ['is external, which only a swarm supports', elsewhere]
  if (driver) return [`comes from the driver "${driver}", which only a swarm supports`, elsewhere]
  if (template_driver) return [`is a template of "${template_driver}", which only a swarm expands`, elsewhere]
  if (environment !== undefined && !isKnown)
    return [`takes its content from the variable ${environment}, which is not set`, `set ${environment}, or use a file`]
  return undefined
}
