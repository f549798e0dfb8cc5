import { type RunIntent, UP } from '../../backend/intent.ts'
import type { ContainerListener } from '../../backend/options.ts'
import type { Session } from '../../backend/session.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import { stackForRun } from '../../project/load/checked-stack.ts'
import { withoutProgressOf } from '../shared/quiet-steps.ts'
import { runOrPreview } from '../shared/run-or-preview.ts'
import { RUN_FLAGS } from './run/flags.ts'
import { insistent } from './run/insist.ts'
import { type Watched, watchOneOff } from './run/progress.ts'
import { notRunCode } from './terminal/not-run.ts'
import { buffered } from './terminal/output-buffer.ts'
import { converse } from './terminal/terminal.ts'

type RunInput = Input<typeof RUN_FLAGS>

export const command = defineCommand({
  name: 'run',
  summary: 'Run a command in a new container of a service',
  description: [
    'Brings up what the service depends on, then creates one more container of the service, with its own name, without published ports and',
    "without the service's network aliases. In a terminal, the command gets a terminal too, and receives Ctrl-C; Ctrl-P Ctrl-Q leaves it running.",
    'Otherwise input, output, errors and signals are passed through unchanged; the third Ctrl-C kills it. flotilla exits with its exit code.',
  ].join(' '),
  examples: [
    { command: 'flotilla run --rm jupyter bash', does: 'A shell in a new container, which is removed once it ends.' },
    { command: 'flotilla run --rm -T app pytest -q > report.txt', does: "A job with the service's image and volumes." },
    {
      command: 'flotilla run --no-deps --entrypoint sh app -c env',
      does: 'Run another program, and start nothing else.',
    },
  ],
  flags: RUN_FLAGS,
  positionals: [
    { name: 'SERVICE', required: true, description: 'Service to run the command for' },
    { name: 'COMMAND', variadic: true, description: "Command and its flags, instead of the service's command" },
  ],
  handsOn: true,
  async run(context, input) {
    const watched = watchOneOff(input.flags.quiet, (notes) => void context.project.warn(notes))
    const intent = await intentOf(context, input)
    const made: Made = {}
    context.project.containers = listener(intent, made)
    const load = async () => ({ declared: await stackForRun(context.project, intent), intent })
    const filter = (emit: Emit) => watched.filter(quietly(emit, input.flags))
    const { code } = await runOrPreview(context, { command: 'run', load, filter })
    if (context.globals.dryRun) return code
    if (!watched.started()) return notStarted(context, made, watched, code)
    if (made.session) return talk(context, made.session, intent, code)
    if (made.id !== undefined) context.print(`${made.id}\n`)
    return code
  },
})

/** The container, as it becomes known during the run. */
interface Made {
  id?: string
  session?: Session
}

function listener({ oneOff }: RunIntent, made: Made): ContainerListener {
  return {
    created(name, id) {
      if (name === oneOff.name) made.id = id
    },
    attached(session) {
      made.session = { ...session, output: buffered(session.output) }
    },
  }
}

async function intentOf(context: Context, { flags, args }: RunInput): Promise<RunIntent> {
  const [service = '', ...words] = args
  const { nameOf, oneOffOf } = await import('./run/one-off.ts')
  const oneOff = await oneOffOf(context, flags, words)
  const name = oneOff.name ?? (await nameOf(context, service, oneOff.slug))
  const { allResources } = context.globals
  const { noDeps, removeOrphans } = flags
  const up = { ...UP, noDeps, removeOrphans, ...(allResources && { allResources }) }
  return { kind: 'run', service, up, oneOff: { ...oneOff, name } }
}

type Emit = Parameters<Watched['filter']>[0]

function quietly(emit: Emit, { quietPull, quietBuild }: RunInput['flags']): Emit {
  const verbs = [...(quietPull ? (['pull'] as const) : []), ...(quietBuild ? (['build'] as const) : [])]
  return verbs.length > 0 ? withoutProgressOf(verbs, emit) : emit
}

function notStarted(context: Context, { session }: Made, watched: Watched, code: number): number {
  session?.close()
  if (context.signal.aborted) return INTERRUPTED
  return notRunCode(watched.problem()?.message ?? '') ?? code
}

/** The exit code of a hook that failed after the start counts only if the program itself succeeds. */
async function talk(context: Context, session: Session, { oneOff }: RunIntent, code: number): Promise<number> {
  const view = await context.view()
  // In a terminal, Ctrl-C is an ordinary key.
  const heard = oneOff.tty
    ? session
    : insistent(session, (text) => view.say(`${oneOff.name} is still running: ${text}`))
  const earlier = context.signal.aborted ? (context.host.interrupts.first?.() ?? 'SIGINT') : undefined
  const ending = await converse(context, heard, oneOff, earlier)
  return typeof ending === 'object' ? ending.code || code : 0
}
