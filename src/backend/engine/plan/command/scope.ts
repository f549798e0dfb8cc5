import { type Checked, failed } from '../../../../diagnostics/checked.ts'
import { warning } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { ContainerSummary } from '../../../../docker/port.ts'
import { type PlanBuilder, planBuilder } from '../../../../plan/builder.ts'
import type { Plan } from '../../../../plan/plan.ts'
import type { Service, Stack } from '../../../../stack/model.ts'
import { replicasOf } from '../../../../stack/names.ts'
import type { Declared } from '../../../backend.ts'
import { isAlive } from '../../../state.ts'
import type { EngineAction } from '../../action.ts'
import type { Observed } from '../../observe/observed.ts'
import { isOneOff } from '../../observe/slots.ts'
import { noteElsewhere } from './elsewhere.ts'
import { knownOf, serviceName } from './known.ts'
import { orphansOf } from './orphans.ts'
import { unknownServices } from './unknown-service.ts'

/** The context of a verb about existing containers. */
export interface VerbScope {
  /** Includes services that only containers show. */
  known: Declared
  observed: Observed
  builder: PlanBuilder<EngineAction>
  /** The selected services. */
  services: ReadonlySet<string>
}

/** Selects the named services, or all active ones. A name that neither the stack nor a container has is an error. */
export function verbScope(declared: Declared, observed: Observed, named: readonly string[]): Checked<VerbScope> {
  const known = knownOf(declared, observed.containers, named)
  const { services, inactive } = known.stack
  const unknown = unknownServices(named, [...Object.keys(services), ...Object.keys(inactive)])
  if (unknown.length > 0) return failed(...unknown)
  const scope = { known, observed, builder: planBuilder<EngineAction>(), services: new Set(named) }
  noteElsewhere({ ...scope, declared })
  if (named.length > 0) return { ok: true, value: scope, warnings: [] }
  return { ok: true, value: { ...scope, services: new Set(Object.keys(services)) }, warnings: [] }
}

/** The containers of the selected services, without those of `run`. */
export function replicasIn({ observed, services }: VerbScope): ContainerSummary[] {
  return observed.containers.filter((each) => !isOneOff(each) && services.has(serviceName(each)))
}

export function serviceOf({ known: { stack } }: VerbScope, container: ContainerSummary): Service | undefined {
  const name = serviceName(container)
  return stack.services[name] ?? stack.inactive[name]
}

/**
 * Notes running containers that a verb about the whole stack leaves out: orphans, and services of inactive profiles.
 */
export function noteOthers({ known: { stack }, observed, builder }: VerbScope): void {
  const running = observed.containers.filter((each) => isAlive(each) && !isOneOff(each))
  const orphans = orphansOf(stack, running)
  const off = running.filter((each) => serviceName(each) in stack.inactive)
  const note = (all: ContainerSummary[], what: string, hint: string) => {
    const names = all.map((each) => each.name).sort()
    if (names.length > 0) builder.note(warning('orphans', `${what}: ${names.join(', ')}`, { hint }))
  }
  note(orphans, 'no longer in the stack file', 'they are kept; name their services to include them')
  note(off, 'of inactive profiles', 'they are kept; use --profile or name their services to include them')
}

/** Whether a service has containers; one with a provider has none. */
export function hasContainers({ services }: Pick<Stack, 'services'>, name: string): boolean {
  const service = services[name] ?? {}
  return replicasOf(service) > 0 && !service.provider
}

/** Notes a service without a container, where one is expected. */
export function noteMissing({ builder, declared: { stack } }: Noting, name: string): void {
  if (!hasContainers(stack, name)) return
  const hint = `${ownCommand(`up ${name}`)} creates it`
  builder.note(warning('no-container', `service "${name}" has no container`, { hint }))
}

interface Noting {
  builder: PlanBuilder<EngineAction>
  declared: Declared
}

export function finishPlan({ builder, known }: VerbScope): Checked<Plan<EngineAction>> {
  return { ok: true, value: builder.finish(known.stack.name), warnings: [] }
}
