import type { Replica } from '../../backend/read/containers.ts'
import { StackError } from '../../diagnostics/checked.ts'
import type { Stack } from '../../stack/model.ts'
import { namedReplicas } from '../named-replicas.ts'
import type { Project } from '../project.ts'
import { type Credentials, type Endpoint, endpointsOf } from './endpoint.ts'
import { mountedAt } from './secret-file.ts'

/** The endpoints of the services' running containers, without one-off ones; of all services by default. */
export async function endpointsOfServices(
  project: Project,
  services: readonly string[],
  showSecrets: boolean,
): Promise<Endpoint[]> {
  const [name, reader] = await Promise.all([project.existingName(), project.reader()])
  const listed = await reader.list(name, { all: false }, project.signal)
  const replicas = (await namedReplicas(project, listed, services)).filter(({ oneoff }) => !oneoff)
  return endpointsIn(project, replicas, showSecrets)
}

/** The endpoints of the published ports of running containers. */
export async function endpointsIn(
  project: Project,
  replicas: readonly Replica[],
  showSecrets: boolean,
): Promise<Endpoint[]> {
  const published = replicas.filter(({ ports }) => ports.some((port) => port.published !== undefined))
  return (await Promise.all(published.map((replica) => endpointsAt(project, replica, showSecrets)))).flat()
}

async function endpointsAt(project: Project, replica: Replica, showSecrets: boolean): Promise<Endpoint[]> {
  const reader = await project.reader()
  const env = environmentOf(await reader.environment(replica.id, project.signal))
  const wantsFiles = showSecrets && [...env.keys()].some((name) => name.endsWith('_FILE'))
  const stack = wantsFiles ? await stackIfAny(project) : undefined
  const credentials: Credentials = {
    env,
    showSecrets,
    fileContent: (path) => stack && contentAt(project, stack, replica.service, path),
  }
  return endpointsOf(replica, credentials)
}

function environmentOf(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]))
}

/** The stack file only adds passwords from files: endpoints come from the engine, so an invalid file is no error. */
async function stackIfAny(project: Project): Promise<Stack | undefined> {
  try {
    return (await project.loaded()).stack
  } catch (thrown) {
    if (thrown instanceof StackError) return undefined
    throw thrown
  }
}

/** The content of a file in a container, if the stack declares it; without the final newline that editors add. */
function contentAt(project: Project, stack: Stack, service: string, path: string): string | undefined {
  const key = mountedAt(stack, service, path)
  const content = key && project.contentOf(key)
  return content ? new TextDecoder().decode(content).replace(/\r?\n$/, '') : undefined
}
