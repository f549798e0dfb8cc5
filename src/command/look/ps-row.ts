import type { ReplicaDetails } from '../../backend/read/containers.ts'
import type { Loss } from '../../view/fitted-table.ts'
import { goTime } from '../../view/go-time.ts'
import { ago } from '../../view/progress/time.ts'
import { quoted } from '../../view/template/quote.ts'
import type { RowList } from '../../view/template/row-format.ts'
import { Row, Struct } from '../../view/template/value.ts'
import { clip } from '../../view/width.ts'
import { portsText } from '../shared/ports.ts'

/** What a narrow terminal loses: ports, which people look for, are cut last of all. */
export const PS_LOSSES: readonly Loss[] = [
  ['drop', 'CREATED'],
  ['drop', 'COMMAND'],
  ['cut', 'IMAGE'],
  ['drop', 'IMAGE'],
  ['drop', 'SERVICE'],
  ['cut', 'STATUS'],
  ['drop', 'ENGINE'],
  ['drop', 'STATUS'],
]

/** Uses the field names of `docker compose ps --format` (cmd/formatter/container.go of docker/compose). */
export const PS_LIST: RowList = {
  headings: {
    ...{ ID: 'CONTAINER ID', Name: 'NAME', Names: 'NAMES', Project: 'PROJECT', Service: 'SERVICE', Image: 'IMAGE' },
    ...{ Command: 'COMMAND', CreatedAt: 'CREATED AT', RunningFor: 'CREATED', Ports: 'PORTS', State: 'STATE' },
    ...{ Status: 'STATUS', Size: 'SIZE', Labels: 'LABELS', Engine: 'ENGINE', Mounts: 'MOUNTS', Health: 'HEALTH' },
    ...{ LocalVolumes: 'LOCAL VOLUMES', Networks: 'NETWORKS', ExitCode: 'EXIT CODE' },
  },
  table: '{{.Name}}\t{{.Image}}\t{{.Command}}\t{{.Service}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}',
  raw: [
    'container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\n',
    'state: {{- pad .State 1 0}}\nstatus: {{- pad .Status 1 0}}\nnames: {{.Names}}\n',
    'labels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n',
  ].join(''),
}

const SHORT_ID = 12
const COMMAND_LENGTH = 20
const MOUNT_LENGTH = 15

/** `now`: milliseconds since the epoch. `whole`: truncate nothing. */
export function psRow(replica: ReplicaDetails, now: number, whole: boolean): Row {
  const { id, command, labels, created, mounts } = replica
  const cut = (text: string, length: number) => (whole ? text : clip(text, length))
  const fields = {
    ...plainFields(replica),
    ID: whole ? id : id.slice(0, SHORT_ID),
    Command: quoted(cut(command, COMMAND_LENGTH)),
    // Only if it is printed: the name of a time zone takes tens of milliseconds.
    get CreatedAt() {
      return goTime(new Date(created * 1000))
    },
    RunningFor: ago(now / 1000 - created),
    Labels: listText(labels),
    Mounts: mounts.map(({ name }) => cut(name, MOUNT_LENGTH)).join(','),
    LocalVolumes: String(mounts.filter(({ isLocal }) => isLocal).length),
  }
  return new Row(fields, { Label: labelMethod(labels) })
}

function plainFields({ name, project, service, image, state, status, health, exitCode, ...more }: ReplicaDetails) {
  return {
    ...{ Name: name, Names: name, Project: project, Service: service, Image: image, State: state, Status: status },
    Health: health ?? '',
    ExitCode: exitCode ?? 0,
    Ports: portsText(more.ports),
    Publishers: more.ports.map(publisher),
    Networks: more.networks.join(','),
    Engine: more.engine ?? '',
    // Always zero, as in Compose: the engine takes seconds to compute a size.
    Size: '0B',
  }
}

function publisher({ hostIp, published, target, protocol }: ReplicaDetails['ports'][number]): Struct {
  return new Struct({ URL: hostIp ?? '', TargetPort: target, PublishedPort: published ?? 0, Protocol: protocol })
}

/** Formats labels as one text, sorted. */
export function listText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',')
}

/** `{{.Label "name"}}`: empty if the label is not set. */
export function labelMethod(labels: Readonly<Record<string, string>>): Row['methods'][string] {
  return (...args) => {
    const [name] = args
    if (args.length !== 1 || typeof name !== 'string') throw new Error('.Label needs the name of a label')
    return Object.hasOwn(labels, name) ? labels[name] : ''
  }
}
