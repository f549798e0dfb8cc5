import type { LogLine } from '../backend/read/logs.ts'
import type { LogRange } from '../logs/backlog.ts'
import type { Exit, ReplicaRef } from '../logs/follow-options.ts'
import { printLogs } from '../logs/print-logs.ts'
import type { Project } from '../project/project.ts'
import { ofServices } from '../project/replicas.ts'
import { untilIdle } from '../project/with-lock.ts'
import type { LogsRequest } from './options.ts'

/** The logs of a project's containers, without those of one-off containers. */
export async function readLogs(project: Project, request: LogsRequest): Promise<void> {
  const { services = [], follow = false, onLine, onExit = () => undefined } = request
  const [name, reader] = await Promise.all([project.existingName(), project.reader()])
  const listed = await reader.list(name, { all: true }, project.signal)
  const replicas = ofServices(listed, services, name).filter(({ oneoff }) => !oneoff)
  const whose = { project: name, services: services.length > 0 ? new Set(services) : undefined, replicas }
  const listeners = {
    onLine: ({ service, number }: ReplicaRef, line: LogLine) => onLine({ service, number, ...line }),
    onExit: ({ service, number }: ReplicaRef, exit: Exit) => onExit({ service, number, ...exit }),
    atRest: (signal: AbortSignal) => untilIdle(project, { command: 'logs', signal }),
    clock: project.clock,
  }
  await printLogs(reader, { ...whose, ...listeners, range: rangeOf(request), continues: follow }, project.signal)
}

function rangeOf({ tail, since, until }: LogsRequest): LogRange {
  return {
    ...(tail !== undefined && { tail }),
    ...(since && { since: since.toISOString() }),
    ...(until && { until: until.toISOString() }),
  }
}
