import { sep } from 'node:path'
import type { DumpTransfer, ImageContent } from '../../../backend/transfer.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { type Diagnostic, error } from '../../../diagnostics/diagnostic.ts'
import type { PackedDump, PackIndex } from '../../../pack/types.ts'
import type { Mount, Service, Stack } from '../../../stack/model.ts'

const HINT = 'the dump comes out with tar xf; docs/packing.md describes where it is'

/**
 * Loading a dump starts a service of the pack, whose stack file nobody may have read yet. Throws a StackError unless it reaches nothing of
 * the machine but the unpacked files.
 * @param root the folder of the unpacked files
 */
export function checkReach(stack: Stack, { dumps }: PackIndex, root: string): void {
  const problems = dumps.flatMap(({ service: name }): Diagnostic[] => {
    const service = stack.services[name]
    if (!service) return [problem(`the stack file has no service "${name}", whose database the pack holds`)]
    const reached = [...rightsOf(service), ...pathsOf(stack, service, root)]
    if (reached.length === 0) return []
    return [problem(`the database "${name}" is not started to load its dump: it would have ${reached.join(', ')}`)]
  })
  if (problems.length > 0) throw new StackError(problems)
}

/** What database servers are commonly given; none of them leads out of a container. */
const HARMLESS = ['SYS_NICE', 'SYS_RESOURCE', 'IPC_LOCK', 'NET_BIND_SERVICE', 'CHOWN', 'SETUID', 'SETGID', 'FOWNER']

function rightsOf(service: Service): string[] {
  const { cap_add = [], devices = [], device_cgroup_rules = [], volumes_from = [], pre_start = [] } = service
  const hooks = [...(service.post_start ?? []), ...(service.pre_stop ?? []), ...pre_start]
  const { network_mode, ipc, pid, uts, cgroup, userns_mode } = service
  const spaces = Object.entries({ network_mode, ipc, pid, uts, cgroup, userns_mode })
  return [
    ...(service.privileged || hooks.some(({ privileged }) => privileged) ? ['privileged'] : []),
    ...(service.use_api_socket ? ['use_api_socket'] : []),
    ...(service.provider ? ['provider'] : []),
    ...(devices.length + device_cgroup_rules.length > 0 ? ['devices'] : []),
    ...(volumes_from.length > 0 ? ['volumes_from'] : []),
    ...spaces.flatMap(([key, mode]) => (/^(?:host$|container:)/.test(mode ?? '') ? [`${key}: ${mode}`] : [])),
    ...cap_add.filter((each) => !HARMLESS.includes(each.toUpperCase().replace(/^CAP_/, ''))),
  ]
}

/** Files that containers read to know the machine's time. */
const TIME = ['/etc/localtime', '/etc/timezone']

function pathsOf({ secrets, configs }: Stack, service: Service, root: string): string[] {
  const isElsewhere = (path: string) => path !== root && !path.startsWith(`${root}${sep}`)
  const isTime = ({ source = '', read_only }: Mount) => read_only === true && TIME.includes(source)
  const mounts = (service.volumes ?? []).filter(({ type }) => type === 'bind' || type === 'npipe')
  const files = [
    ...(service.secrets ?? []).map(({ source }) => secrets[source]?.file),
    ...(service.configs ?? []).map(({ source }) => configs[source]?.file),
  ]
  const paths = [...mounts.filter((mount) => !isTime(mount)).map(({ source = '' }) => source), ...files]
  return paths.filter((path) => path !== undefined).filter(isElsewhere)
}

/** What the checks need to know about the images of services. */
export interface Servers {
  stack: Stack
  index: PackIndex
  dumps: DumpTransfer
  configOf(service: string): Promise<ImageContent['config']>
}

/**
 * Throws a StackError unless each dump belongs to a database server that keeps its data: what is loaded into an anonymous volume, or into
 * the container, is gone when the server is taken down.
 * @returns the mounts that hold the data of each server, in the order of the dumps
 */
export async function checkServers({ stack, index, dumps, configOf }: Servers): Promise<Mount[][]> {
  const problems: Diagnostic[] = []
  const homes: Mount[][] = []
  for (const dump of index.dumps) {
    const service = stack.services[dump.service] ?? {}
    const image = await configOf(dump.service)
    const found = homesIn(service, dump, dumps.homesOf(service, dump.family, image))
    homes.push(found)
    if (found.length === 0) problems.push(notKept(dump))
    else if (dumps.declared(service, image) !== dump.family) problems.push(otherServer(dump))
  }
  if (problems.length > 0) throw new StackError(problems)
  return homes
}

/** Also the volume that the pack names, if the service writes to it: an image may keep data at an unusual place. */
function homesIn({ volumes = [] }: Service, { volume: key }: PackedDump, known: Mount[]): Mount[] {
  const named = volumes.filter(
    ({ type, source, read_only }) => type === 'volume' && key !== undefined && source === key && !read_only,
  )
  return [...new Set([...known, ...named])]
}

function notKept({ service }: PackedDump): Diagnostic {
  return problem(`the database "${service}" has no named volume for its data: what is loaded would be lost`)
}

function otherServer({ service, family }: PackedDump): Diagnostic {
  return problem(`service "${service}" is no ${family} server, and the pack holds a dump of one for it`)
}

function problem(text: string): Diagnostic {
  return error('unpack-failed', text, { hint: HINT })
}
