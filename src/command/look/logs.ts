import type { Replica } from '../../backend/read/containers.ts'
import type { LogLine } from '../../backend/read/logs.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import type { Flags } from '../../cli/flag.ts'
import { logLayout } from '../../cli/show.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import type { LogRange } from '../../logs/backlog.ts'
import type { Exit, ReplicaRef } from '../../logs/follow-options.ts'
import { printLogs } from '../../logs/print-logs.ts'
import { logName, ofServices } from '../../project/replicas.ts'
import { untilIdle } from '../../project/with-lock.ts'
import { exitText, GIVEN_UP } from '../lifecycle/attached/exit-text.ts'
import { moment } from '../shared/moment.ts'

const FLAGS = {
  follow: {
    type: 'boolean',
    short: 'f',
    description: 'Print new lines as they come, also after restarts, until no container runs',
  },
  tail: {
    type: 'string',
    short: 'n',
    value: 'LINES',
    suggestions: ['all'],
    description: 'Number of lines from the end of each log, or all',
  },
  timestamps: { type: 'boolean', short: 't', description: 'Print times' },
  since: {
    type: 'string',
    value: 'TIME',
    description: 'Only lines after a date (2026-01-02T13:00:00Z) or a while ago (10m)',
  },
  until: { type: 'string', value: 'TIME', description: 'Only lines before a date or a while ago' },
  index: { type: 'number', value: 'NUMBER', description: "Number of the service's container (default: all of them)" },
  'no-color': { type: 'boolean', description: 'Print no colours' },
  'no-log-prefix': { type: 'boolean', description: 'Print no service names' },
} as const satisfies Flags

type LogsInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'logs',
  summary: "Print containers' logs, merged by time",
  examples: [
    { command: 'flotilla logs -f', does: 'Everything so far, then new lines as they come.' },
    { command: 'flotilla logs --tail 20 mysql', does: 'The last 20 lines of one service.' },
    { command: 'flotilla logs --since 10m -t', does: 'The last ten minutes, with times.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to print; by default all' }],
  async run(context, input) {
    const wanted = wantedOf(input, context.host.wallTime())
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const listed = await reader.list(project, { all: true }, context.signal)
    const number = numberOf(input)
    const replicas = chosen(ofServices(listed, input.args, project), input.args, number)
    const nameOf = (replica: ReplicaRef) => logName(replica, project)
    if (replicas.length === 0) (await context.view()).say(`project ${project} has no containers`)
    const { flags } = input
    const style = { prefix: !flags.noLogPrefix, timestamps: flags.timestamps, colour: !flags.noColor }
    const layout = await logLayout(context, style, replicas.map(nameOf))
    const onLine = (replica: ReplicaRef, line: LogLine) => context.pass(layout.line(nameOf(replica), line))
    const onExit = (replica: ReplicaRef, exit: Exit) => context.pass(layout.remark(nameOf(replica), exitText(exit)))
    const onGivenUp = (replica: ReplicaRef) => context.pass(layout.remark(nameOf(replica), GIVEN_UP))
    const services = input.args.length > 0 ? new Set(input.args) : undefined
    const whose = { project, services, replicas, ...(number !== undefined && { number }) }
    const atRest = (signal: AbortSignal) => untilIdle(context.project, { command: 'logs', signal })
    const listeners = { onLine, onExit, onGivenUp, atRest, clock: context.terminal.clock }
    const request = { ...whose, ...listeners, range: wanted, continues: flags.follow }
    const enough = AbortSignal.any([context.signal, context.unread])
    await printLogs(reader, request, enough).catch((thrown) => {
      if (!context.unread.aborted) throw thrown
    })
    return context.signal.aborted ? INTERRUPTED : 0
  },
})

function wantedOf({ flags }: LogsInput, now: number): LogRange {
  const { tail, since, until } = flags
  if (tail !== undefined && tail !== 'all' && !/^\d+$/.test(tail)) {
    throw new StackError([error('usage', `--tail needs a number of lines or "all", not "${tail}"`)])
  }
  return {
    ...(tail !== undefined && tail !== 'all' && { tail: Number(tail) }),
    ...(since !== undefined && { since: moment('--since', since, now) }),
    ...(until !== undefined && { until: moment('--until', until, now) }),
  }
}

/** The number of the selected container of a service; undefined for all. */
function numberOf({ flags: { index }, args }: LogsInput): number | undefined {
  if (!index) return undefined
  if (args.length === 1) return index
  throw new StackError([error('usage', '--index needs the name of one service')])
}

function chosen(replicas: readonly Replica[], services: readonly string[], number: number | undefined): Replica[] {
  const found = replicas.filter((replica) => !replica.oneoff && (number === undefined || replica.number === number))
  if (number === undefined || found.length > 0) return found
  const message = `service "${services.join()}" has no container with index ${number}`
  throw new StackError([error('unknown-service', message, { hint: `${ownCommand('ps -a')} lists all containers` })])
}
