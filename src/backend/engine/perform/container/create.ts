import { isAway } from '../../../../diagnostics/backend-error.ts'
import { error, warning } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { shellCommand } from '../../../../diagnostics/own-command.ts'
import { type Engine, EngineError } from '../../../../docker/port.ts'
import type { ContainerSpec, EndpointSpec, MountSpec } from '../../../../docker/spec.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { containerAddress } from '../../../../stack/address.ts'
import { COMPOSE, OURS } from '../../../docker/labels.ts'
import { remediesFor } from '../../../docker/remedies.ts'
import { runtimeWords } from '../../../runtime-words.ts'
import type { EngineActions, JoinedNetwork } from '../../action.ts'
import { conflict } from '../failure/conflict.ts'
import { resolve } from '../resolve.ts'
import { withLockedImage } from './locked-image.ts'
import { type ContentOf, withProfiles } from './profiles.ts'

type Create = EngineActions['create-container']

export async function createContainer(
  engine: Engine,
  action: Create,
  context: StepContext,
  contentOf: ContentOf,
): Promise<StepOutput> {
  const whole = await withLockedImage(engine, action, completed(action, context), context)
  const spec = withProfiles(await withCarried(engine, action, whole, context), contentOf)
  try {
    const { id, warnings } = await engine.createContainer(action.name, spec, action.platform)
    for (const text of warnings.filter((each) => !ABOUT_THE_CALL.test(each)))
      context.warn(warning('engine-warning', `${action.service}: ${foreign(text)}`))
    return { containerId: id }
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.kind === 'conflict') throw await nameTaken(engine, action, thrown)
    throw thrown instanceof EngineError && isRefusal(thrown) ? createFailed(action, thrown) : thrown
  }
}

/**
 * A deprecation warning about how the API call passes an address. The address is applied, and no change to a stack file avoids the
 * warning.
 */
const ABOUT_THE_CALL = /container-wide MacAddress field is now deprecated/i

/** Any other error means that the engine went away or that something was removed: observing again resolves it. */
function isRefusal(thrown: EngineError): boolean {
  return !isAway(thrown) && (thrown.kind !== 'gone' || /image/i.test(thrown.message))
}

function createFailed({ service, name, spec }: Create, cause: EngineError): StepFailure {
  const problem = error('start-failed', `${service} cannot be created: ${foreign(runtimeWords(cause.message))}`)
  const number = Number(spec.Labels?.[COMPOSE.number] ?? 1)
  const tries = remediesFor(cause.message)
  return new StepFailure(
    problem,
    { subject: containerAddress(service, number), container: name, image: spec.Image, tries },
    { cause },
  )
}

/** Completes the body with facts from earlier steps, such as the image's id as a label. */
function completed({ spec, image, networks, provided, shares = [] }: Create, context: StepContext): ContainerSpec {
  const primary = networks[0]?.name
  const given = provided === undefined ? {} : context.outputOf(provided)
  return {
    ...spec,
    ...(given.env !== undefined && { Env: withProvided(spec.Env, given.env as Record<string, string>) }),
    Labels: {
      ...spec.Labels,
      ...(image && { [COMPOSE.image]: resolve(image, context) }),
      ...(typeof given.digest === 'string' && { [OURS.provided]: given.digest }),
      ...(shares.length > 0 && { [OURS.shares]: shares.map((id) => resolve(id, context)).join(',') }),
    },
    HostConfig: { ...spec.HostConfig, ...(primary && { NetworkMode: primary }) },
    ...(primary && { NetworkingConfig: { EndpointsConfig: endpointsOf(networks) } }),
  }
}

export function endpointsOf(networks: readonly JoinedNetwork[]): Record<string, EndpointSpec> {
  return Object.fromEntries(networks.map(({ name, endpoint }) => [name, endpoint]))
}

/** A provider's variables override the service's. */
function withProvided(declared: string[] = [], given: Record<string, string>): string[] {
  const kept = declared.filter((each) => !((each.split('=')[0] ?? '') in given))
  return [...kept, ...Object.entries(given).map(([name, value]) => `${name}=${value}`)].sort()
}

/** Takes over anonymous volumes whose target the new container, or its image, also declares as anonymous. */
async function withCarried(
  engine: Engine,
  { carry = [] }: Create,
  spec: ContainerSpec,
  { signal }: StepContext,
): Promise<ContainerSpec> {
  if (carry.length === 0) return spec
  const mounts = spec.HostConfig.Mounts ?? []
  const declared = (target: string) => mounts.some((each) => each.Target === target)
  const image = carry.every(({ target }) => declared(target))
    ? undefined
    : await engine.inspectImage(spec.Image, signal)
  const kept = carry.filter(({ target }) => declared(target) || image?.volumes.includes(target))
  const sourceOf = (target: string) => kept.find((each) => each.target === target)?.volume
  const named = mounts.map((each) => ({ ...each, Source: each.Source ?? sourceOf(each.Target) })).map(withoutUndefined)
  const added = kept
    .filter(({ target }) => !declared(target))
    .map(({ volume, target }) => ({ Type: 'volume', Source: volume, Target: target }))
  const names = kept.map(({ volume }) => volume).join(',')
  return {
    ...spec,
    Labels: { ...spec.Labels, ...(names && { [OURS.carried]: names }) },
    HostConfig: { ...spec.HostConfig, Mounts: [...named, ...added] },
  }
}

function withoutUndefined({ Source, ...mount }: Omit<MountSpec, 'Source'> & { Source: string | undefined }): MountSpec {
  return Source === undefined ? mount : { ...mount, Source }
}

/** Never removes a container of another owner: the error names the owner. */
async function nameTaken(engine: Engine, { name, service, spec }: Create, cause: EngineError): Promise<StepFailure> {
  const holder = await engine.inspectContainer(name).catch(() => undefined)
  if (!holder) return new StepFailure(error('engine-error', foreign(cause.message)), undefined, { cause })
  const project = holder.labels[COMPOSE.project]
  if (project !== undefined && project === spec.Labels?.[COMPOSE.project])
    return conflict(`container ${name} appeared meanwhile`, cause)
  const whose = project ? `service "${holder.labels[COMPOSE.service]}" of project "${project}"` : 'no project'
  const problem = error('foreign-resource', `the name "${name}" is taken by a container of ${whose}`)
  const tries = [
    `remove it (${shellCommand(`docker rm -f ${name}`)}) if it is not needed, or change container_name or the project's name`,
  ]
  return new StepFailure(
    problem,
    { subject: containerAddress(service, 1), container: name, image: holder.image, tries },
    { cause },
  )
}
