import { capabilityOf } from '../../backend/capability.ts'
import type { Replica } from '../../backend/read/containers.ts'
import type { Usage } from '../../backend/read/look.ts'
import type { Reader } from '../../backend/reader.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import type { Flags } from '../../cli/flag.ts'
import { BackendError } from '../../diagnostics/backend-error.ts'
import { namedReplicas } from '../../project/named-replicas.ts'
import type { RowFormat } from '../../view/template/row-format.ts'
import type { Row } from '../../view/template/value.ts'
import { FORMAT_FLAG, rowFormat } from '../shared/row-format.ts'
import { drawn, statsText } from './stats/draw.ts'
import { STATS_LIST, statsRow } from './stats/row.ts'
import { UsageWatch } from './stats/watch.ts'

const FLAGS = {
  all: { type: 'boolean', short: 'a', description: 'Include containers that do not run' },
  'no-stream': { type: 'boolean', description: 'Print one sample and exit' },
  'no-trunc': { type: 'boolean', description: 'Do not shorten ids' },
  format: FORMAT_FLAG,
} as const satisfies Flags

type StatsInput = Input<typeof FLAGS>

/** Milliseconds between samples. */
const PAUSE = 1000

export const command = defineCommand({
  name: 'stats',
  summary: 'Show the resource usage of containers',
  description: 'Shows CPU, memory, network and disk usage of each container, updated every second until Ctrl-C.',
  examples: [
    { command: 'flotilla stats', does: 'What runs, followed live.' },
    { command: 'flotilla stats --no-stream --format json', does: 'One sample, for programs.' },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to show; by default all' }],
  async run(context, input) {
    const format = await rowFormat(context, input.flags.format, STATS_LIST, 'statsFormat')
    const shape = { format, whole: input.flags.noTrunc }
    if (input.flags.noStream) context.print(statsText(context, await sampled(context, input), shape))
    else await follow(context, input, format)
    return context.signal.aborted ? INTERRUPTED : 0
  },
})

async function listed(context: Context, { flags, args }: StatsInput): Promise<Replica[]> {
  const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
  const replicas = await reader.list(project, { all: flags.all }, context.signal)
  return namedReplicas(context.project, replicas, args)
}

async function sampled(context: Context, input: StatsInput): Promise<Row[]> {
  const reader = await context.project.reader()
  const replicas = await listed(context, input)
  const usages = await Promise.all(replicas.map((replica) => once(reader, replica, context.signal)))
  return replicas.map((replica, at) => statsRow(replica, usages[at], input.flags.noTrunc))
}

/** Undefined if the container has been removed in the meantime. */
async function once(reader: Reader, { id }: Replica, signal: AbortSignal): Promise<Usage | undefined> {
  try {
    for await (const usage of capabilityOf(reader, 'look').usage(id, { stream: false }, signal)) return usage
  } catch (thrown) {
    if (!(thrown instanceof BackendError) || thrown.kind !== 'gone') throw thrown
  }
  return undefined
}

/** Runs until Ctrl-C, or until the reader has gone. */
async function follow(context: Context, input: StatsInput, format: RowFormat | undefined): Promise<void> {
  const { clock } = context.terminal
  const enough = AbortSignal.any([context.signal, context.unread])
  const watch = new UsageWatch(await context.project.reader(), enough)
  try {
    for (let turn = 0; ; turn++) {
      watch.listed(await listed(context, input))
      await clock.sleep(PAUSE, enough)
      const rows = watch.now().map(({ replica, usage }) => statsRow(replica, usage, input.flags.noTrunc))
      context.print(drawn(context, statsText(context, rows, { format, whole: input.flags.noTrunc }), turn === 0))
    }
  } catch (thrown) {
    if (!enough.aborted) throw thrown
  } finally {
    watch.end()
  }
}
