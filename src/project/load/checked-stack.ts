import type { ImageIntent } from '../../backend/image-intent.ts'
import type { RunIntent, UpIntent } from '../../backend/intent.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { isError } from '../../diagnostics/diagnostic.ts'
import type { Clash } from '../../load/findings.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Project } from '../project.ts'

/** The stack, checked for `up`: conflicts of selected services with the environment are errors. */
export async function checkedStack(project: Project, intent: UpIntent): Promise<Loaded> {
  const loaded = await project.loaded(intent.services, { noDeps: intent.noDeps })
  const selected = selectedServices(loaded, intent)
  const clashes = loaded.clashes.filter(({ service, other }) => selected.has(service) && selected.has(other ?? service))
  return checkedFor(project, loaded, clashes)
}

const ABOUT_PORTS = ['port-taken-twice', 'invalid-value']

/** The same for a one-off container of a service and its dependencies; unpublished ports conflict with nothing. */
export async function stackForRun(project: Project, { service, up, oneOff }: RunIntent): Promise<Loaded> {
  const loaded = await project.loaded([service], { noDeps: up.noDeps })
  const known = service in loaded.stack.services
  const selected = known ? selectedServices(loaded, { services: [service], noDeps: up.noDeps }) : new Set<string>()
  const published = oneOff.ports === 'declared' ? selected : new Set([...selected].filter((name) => name !== service))
  const clashes = loaded.clashes.filter(({ service: one, other = one, problem }) => {
    const concerned = ABOUT_PORTS.includes(problem.code) ? published : selected
    return concerned.has(one) && concerned.has(other)
  })
  return checkedFor(project, loaded, clashes)
}

/** The stack, checked as far as images require: env files of containers may be missing, and ports may conflict. */
export async function stackForImages(project: Project, intent: ImageIntent): Promise<Loaded> {
  const loaded = await project.loaded(intent.services, { noDeps: !intent.dependencies, resolveEnvironment: false })
  if (intent.kind !== 'build') return loaded
  const backend = await project.backend()
  await project.warn(backend.check(loaded).filter(({ message }) => message.startsWith('"build.')))
  return loaded
}

async function checkedFor(project: Project, loaded: Loaded, clashes: readonly Clash[]): Promise<Loaded> {
  const problems = clashes.map(({ problem }) => problem)
  if (problems.some(isError)) throw new StackError(problems)
  await project.warn(problems)
  const backend = await project.backend()
  await project.warn(backend.check(loaded))
  return loaded
}

/** The services of an `up`: the named ones with their dependencies, or else all active ones. */
export function selectedServices(
  loaded: Pick<Loaded, 'graph'>,
  intent: Pick<UpIntent, 'services' | 'noDeps'>,
): Set<string> {
  if (intent.services.length === 0) return new Set(loaded.graph.keys)
  return intent.noDeps ? new Set(intent.services) : loaded.graph.closure(intent.services)
}
