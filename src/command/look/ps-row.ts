import type { Replica } from '../../backend/read/containers.ts'
import { ago } from '../../view/progress/time.ts'
import { portsText } from '../shared/ports.ts'

/** A container as a row under NAME, IMAGE, COMMAND, SERVICE, CREATED, STATUS and PORTS. `now`: milliseconds since the epoch. */
export function psRow(replica: Replica, now: number, whole: boolean): string[] {
  const { name, image, service, created, status, ports } = replica
  return [
    name,
    image,
    commandText(replica.command, whole),
    service,
    ago(now / 1000 - created),
    status,
    portsText(ports),
  ]
}

const COMMAND_LENGTH = 20

/** Quoted, and cut like `docker ps` does. */
function commandText(command: string, whole: boolean): string {
  const characters = [...command]
  const cut =
    whole || characters.length <= COMMAND_LENGTH ? command : `${characters.slice(0, COMMAND_LENGTH - 1).join('')}…`
  return `"${cut}"`
}

/** The same container under the names that `docker compose ps --format json` uses. */
export function psData(replica: Replica, project: string): Record<string, unknown> {
  return {
    ID: replica.id,
    Name: replica.name,
    Image: replica.image,
    Command: `"${replica.command}"`,
    Project: project,
    Service: replica.service,
    Created: replica.created,
    State: replica.state,
    Status: replica.status,
    Health: replica.health ?? '',
    ExitCode: replica.exitCode ?? 0,
    Publishers: replica.ports.map((port) => ({
      URL: port.hostIp ?? '',
      TargetPort: port.target,
      PublishedPort: port.published ?? 0,
      Protocol: port.protocol,
    })),
  }
}
