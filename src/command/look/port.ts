import type { PublishedPort, Replica } from '../../backend/read/containers.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Flags } from '../../cli/flag.ts'
import { printLines } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import { bracketed } from '../../util/address.ts'

const FLAGS = {
  index: { type: 'number', value: 'NUMBER', description: "Number of the service's container (default: the first)" },
  protocol: { type: 'string', value: 'PROTOCOL', suggestions: ['tcp', 'udp'], description: 'tcp (default) or udp' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'port',
  summary: 'Print where a port of a service is published',
  description:
    'Prints ADDRESS:PORT on this machine for a port of the container. Without a port, lists all ports that the container publishes.',
  examples: [
    { command: 'flotilla port web 80', does: 'Where port 80 of web can be reached.' },
    { command: 'flotilla port --index 2 --protocol udp dns 53', does: 'A UDP port of the second container.' },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', required: true, description: 'A running service' },
    { name: 'PRIVATE_PORT', description: 'Port in its container; by default all published ports' },
  ],
  async run(context, { flags, args }) {
    const [service = '', wanted] = args
    const target = wanted === undefined ? undefined : portNumber(wanted)
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const listed = await reader.list(project, { all: false }, context.signal)
    const replicas = (await namedReplicas(context.project, listed, [service])).filter(({ oneoff }) => !oneoff)
    const replica = replicas.find(
      ({ number }) => flags.index === undefined || flags.index === 0 || number === flags.index,
    )
    if (!replica) throw notRunning(service, flags.index)
    printLines(context, target === undefined ? all(replica, flags) : [address(found(replica, target, flags))])
    return 0
  },
})

type PortFlags = Input<typeof FLAGS>['flags']

const LAST_PORT = 65_535

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port > 0 && port <= LAST_PORT) return port
  throw new StackError([error('usage', `a port is a number from 1 to ${LAST_PORT}, not "${text}"`)])
}

function notRunning(service: string, index: number | undefined): StackError {
  const which = index ? ` with index ${index}` : ''
  const hint = `${ownCommand('ps -a')} lists all containers`
  return new StackError([error('unknown-service', `no container of service "${service}"${which} runs`, { hint })])
}

function all({ ports }: Replica, { protocol }: PortFlags): string[] {
  const shown = ports.filter((port) => port.published && (!protocol || port.protocol === protocol.toLowerCase()))
  return shown.map((port) => `${port.target}/${port.protocol} -> ${address(port)}`)
}

/** A port that is exposed but not published has the host port 0, as in Compose. */
function found({ ports, name }: Replica, target: number, { protocol = 'tcp' }: PortFlags): PublishedPort {
  const port = ports.find((each) => each.target === target && each.protocol === protocol.toLowerCase())
  if (port) return port
  const known = ports.map((each) => `${each.target}/${each.protocol}`)
  const hint = known.length > 0 ? `it has ${[...new Set(known)].join(', ')}` : 'it has no ports'
  throw new StackError([error('usage', `container ${name} has no port ${target}/${protocol.toLowerCase()}`, { hint })])
}

function address({ hostIp = '', published = 0 }: PublishedPort): string {
  return `${bracketed(hostIp)}:${published}`
}
