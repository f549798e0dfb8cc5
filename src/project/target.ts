import type { Replica } from '../backend/read/containers.ts'
import { type ContainerState, isRunning } from '../backend/state.ts'
import { StackError } from '../diagnostics/checked.ts'
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts'
import { ownCommand } from '../diagnostics/own-command.ts'
import { didYouMean } from '../diagnostics/suggest.ts'
import { declaredServices } from './named-replicas.ts'
import type { Project } from './project.ts'
import { replicaName } from './replicas.ts'

/**
 * The selected running container of a service: the one with that number, else the first; if none is running, the latest one of
 * `run`. Throws a StackError if there is none.
 */
export async function targetOf(project: Project, service: string, index: number | undefined): Promise<Replica> {
  const [name, reader] = await Promise.all([project.existingName(), project.reader()])
  const all = await reader.list(name, { all: true }, project.signal)
  const replicas = all.filter((each) => each.service === service && !each.oneoff)
  const numbered = replicas.filter((each) => index === undefined || each.number === index)
  const target = numbered.find(isRunning) ?? (index === undefined ? oneOffOf(all, service).find(isRunning) : undefined)
  if (target) return target
  throw new StackError([
    replicas.length === 0
      ? await noContainer(project, service, all)
      : numbered.length === 0
        ? noSuchNumber(service, index, replicas)
        : notRunning(service, numbered),
  ])
}

/** The containers of a service in any state, sorted by number: all, or the one with that number. Throws a StackError if there is none. */
export async function replicasOf(
  project: Project,
  service: string,
  { index, oneOffs }: { index: number | undefined; oneOffs: boolean },
): Promise<Replica[]> {
  const [name, reader] = await Promise.all([project.existingName(), project.reader()])
  const all = await reader.list(name, { all: true }, project.signal)
  const replicas = all.filter((each) => each.service === service && (oneOffs || !each.oneoff))
  const numbered = replicas.filter((each) => index === undefined || (each.number === index && !each.oneoff))
  if (numbered.length > 0) return numbered
  throw new StackError([
    replicas.length === 0 ? await noContainer(project, service, all) : noSuchNumber(service, index, replicas),
  ])
}

function oneOffOf(all: readonly Replica[], service: string): Replica[] {
  return all.filter((each) => each.service === service && each.oneoff).sort((a, b) => b.created - a.created)
}

/** Loads the declaration only now, for the message. */
async function noContainer(project: Project, service: string, there: readonly Replica[]): Promise<Diagnostic> {
  const declared = await declaredServices(project, [service])
  if (declared.includes(service))
    return error('no-container', `service "${service}" has no container`, { hint: ownCommand(`up -d ${service}`) })
  const known = [...new Set([...declared, ...there.map((each) => each.service)])]
  const hint = didYouMean(service, known) ?? `${ownCommand('ps -a')} lists all containers`
  return error('unknown-service', `unknown service "${service}"`, { hint })
}

function noSuchNumber(service: string, index: number | undefined, replicas: readonly Replica[]): Diagnostic {
  const hint = `it has ${replicas.map((each) => each.number).join(', ')}`
  return error('no-container', `service "${service}" has no container number ${index}`, { hint })
}

const WAYS_BACK: Partial<Record<ContainerState, string>> = { paused: 'unpause', restarting: 'logs' }

function notRunning(service: string, replicas: readonly Replica[]): Diagnostic {
  const states = replicas.map((each) => `${replicaName(each)} is ${each.state}`).join(', ')
  const verb = WAYS_BACK[replicas[0]?.state ?? 'exited'] ?? 'start'
  return error('no-container', `service "${service}" does not run: ${states}`, {
    hint: ownCommand(`${verb} ${service}`),
  })
}
