import type { Replica } from '../../../backend/read/containers.ts'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import type { Stack } from '../../../stack/model.ts'
import { type Credentials, type Endpoint, endpointsOf } from './endpoint.ts'
import { mountedAt } from './secret-file.ts'

/** The endpoints of the published ports of running containers. */
export async function endpointsIn(
  context: Context,
  replicas: readonly Replica[],
  showSecrets: boolean,
): Promise<Endpoint[]> {
  const published = replicas.filter(({ ports }) => ports.some((port) => port.published !== undefined))
  return (await Promise.all(published.map((replica) => endpointsAt(context, replica, showSecrets)))).flat()
}

async function endpointsAt(context: Context, replica: Replica, showSecrets: boolean): Promise<Endpoint[]> {
  const reader = await context.project.reader()
  const env = environmentOf(await reader.environment(replica.id, context.signal))
  const wantsFiles = showSecrets && [...env.keys()].some((name) => name.endsWith('_FILE'))
  const stack = wantsFiles ? await stackIfAny(context) : undefined
  const credentials: Credentials = {
    env,
    showSecrets,
    fileContent: (path) => stack && contentAt(context, stack, replica.service, path),
  }
  return endpointsOf(replica, credentials)
}

function environmentOf(lines: readonly string[]): Map<string, string> {
  return new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]))
}

/** The stack file only adds passwords from files: endpoints come from the engine, so an invalid file is no error. */
async function stackIfAny(context: Context): Promise<Stack | undefined> {
  try {
    return (await context.project.loaded()).stack
  } catch (thrown) {
    if (thrown instanceof StackError) return undefined
    throw thrown
  }
}

/** The content of a file in a container, if the stack declares it; without the final newline that editors add. */
function contentAt(context: Context, stack: Stack, service: string, path: string): string | undefined {
  const key = mountedAt(stack, service, path)
  const content = key && context.project.contentOf(key)
  return content ? new TextDecoder().decode(content).replace(/\r?\n$/, '') : undefined
}
