import type { Occurrence } from '../../backend/read/events.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import type { Flags } from '../../cli/flag.ts'
import { redactDeep } from '../../redact/redact.ts'
import { NOTHING_SENSITIVE } from '../../stack/sensitive.ts'
import { jsonText, oneLine } from '../../view/redact/visible.ts'
import { moment } from '../shared/moment.ts'

const FLAGS = {
  json: { type: 'boolean', description: 'Print one JSON object per line' },
  since: {
    type: 'string',
    value: 'TIME',
    description:
      'Also what happened after a date (2026-01-02T13:00:00Z) or a while ago (10m), as far as the engine remembers',
  },
  until: { type: 'string', value: 'TIME', description: 'Only what happened before a date or a while ago' },
} as const satisfies Flags

export const command = defineCommand({
  name: 'events',
  summary: "Follow what happens to a stack's containers",
  description:
    'Prints one line for each event of the engine, until Ctrl-C or --until. Containers created by flotilla run are left out.',
  examples: [
    { command: 'flotilla events', does: 'What happens from now on.' },
    {
      command: 'flotilla events --json --since 10m --until 0s',
      does: 'What happened in the last ten minutes, for programs.',
    },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', variadic: true, description: 'Services to listen to; by default all' }],
  async run(context, { flags, args }) {
    const window = windowOf(flags, context.host.wallTime())
    const [project, reader] = await Promise.all([context.project.existingName(), context.project.reader()])
    const enough = AbortSignal.any([context.signal, context.unread])
    try {
      for await (const event of await reader.occurrences(project, window, enough)) {
        if (event.oneoff || (args.length > 0 && !args.includes(event.service))) continue
        context.print(`${flags.json ? jsonText(dataOf(event)) : oneLine(textOf(event))}\n`)
      }
    } catch (thrown) {
      if (!enough.aborted) throw thrown
    }
    return context.signal.aborted ? INTERRUPTED : 0
  },
})

function windowOf({ since, until }: Input<typeof FLAGS>['flags'], now: number): { since?: string; until?: string } {
  return {
    ...(since !== undefined && { since: moment('--since', since, now) }),
    ...(until !== undefined && { until: moment('--until', until, now) }),
  }
}

/** Uses the field names of `docker compose events --json`. */
function dataOf({ time, service, id, action, attributes }: Occurrence): Record<string, unknown> {
  const shown = redactDeep(attributes, NOTHING_SENSITIVE)
  return {
    action,
    attributes: sorted(shown),
    id,
    service,
    time: `${timeText(time, 'T')}${zone(time)}`,
    type: 'container',
  }
}

/** `2026-11-30 18:05:41.123456 container start ID (image=x, name=y)`. */
function textOf({ time, id, action, attributes }: Occurrence): string {
  const shown = Object.entries(sorted(redactDeep(attributes, NOTHING_SENSITIVE))).map(
    ([name, value]) => `${name}=${value}`,
  )
  return `${timeText(time, ' ').slice(0, MICROSECONDS)} container ${action} ${id} (${shown.join(', ')})`
}

const MICROSECONDS = '2026-11-30 18:05:41.123456'.length

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const MILLISECOND = 1_000_000n
const SECOND = 1_000_000_000n

/** In this machine's time zone, with nanoseconds. */
function timeText(time: bigint, between: string): string {
  const date = new Date(Number(time / MILLISECOND))
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString()
  const fraction = String(time % SECOND).padStart(9, '0')
  return `${local.slice(0, 10)}${between}${local.slice(11, 19)}.${fraction}`
}

function zone(time: bigint): string {
  const minutes = -new Date(Number(time / MILLISECOND)).getTimezoneOffset()
  if (minutes === 0) return 'Z'
  const two = (number: number) => String(Math.floor(Math.abs(number))).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`
}
