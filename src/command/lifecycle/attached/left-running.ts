import type { Replica } from '../../../backend/read/containers.ts'
import { isAlive } from '../../../backend/state.ts'
import type { Context } from '../../../cli/context.ts'
import { ownCommand } from '../../../diagnostics/own-command.ts'
import { replicaName } from '../../../project/replicas.ts'

/** Names the containers that an interrupted `up` leaves running because it did not start them, and the command that stops them; undefined if there are none. */
export async function leftRunning(
  context: Context,
  services: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [project, { reader }] = await Promise.all([context.project.name(), context.project.backend()])
  const listed = await reader.list(project, { all: false }, signal)
  const left = listed.filter((each) => !each.oneoff && services.has(each.service) && isAlive(each))
  return left.length === 0 ? undefined : sentence(left)
}

function sentence(left: readonly Replica[]): string {
  const services = [...new Set(left.map(({ service }) => service))]
  const [goes, them] = left.length === 1 ? ['keeps running, because it', 'it'] : ['keep running, because they', 'them']
  const started = `${left.length === 1 ? 'was' : 'were'} not started by this command`
  const command = ownCommand(`stop ${services.join(' ')}`)
  return `${left.map(replicaName).join(', ')} ${goes} ${started}: \`${command}\` stops ${them}`
}
