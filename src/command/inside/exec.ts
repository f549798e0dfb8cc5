import type { Replica } from '../../backend/read/containers.ts'
import { runtimeWords } from '../../backend/runtime-words.ts'
import type { ExecRequest } from '../../backend/session.ts'
import { defineCommand, type Input } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import type { Flags } from '../../cli/flag.ts'
import { BackendError } from '../../diagnostics/backend-error.ts'
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { environmentOf } from '../../project/load/variables.ts'
import { targetOf } from '../../project/target.ts'
import { chosenDetachKeys } from './terminal/detach-keys.ts'
import { heldBack } from './terminal/held-back.ts'
import { notRunCode } from './terminal/not-run.ts'
import { converse, hasTerminal, sizeOf } from './terminal/terminal.ts'

const FLAGS = {
  detach: { type: 'boolean', short: 'd', description: 'Run the command in the background, and return at once' },
  env: {
    type: 'list',
    short: 'e',
    value: 'NAME=VALUE',
    description: 'Environment variable; NAME alone passes the current value on',
  },
  user: { type: 'string', short: 'u', value: 'USER', description: 'User, or UID:GID, to run it as' },
  workdir: { type: 'string', short: 'w', value: 'DIR', description: 'Directory to run it in' },
  'no-tty': {
    type: 'boolean',
    short: 'T',
    aliases: ['no-TTY'],
    description: 'Allocate no terminal (default: allocate one where input and output are a terminal)',
  },
  index: {
    type: 'number',
    value: 'N',
    description: "Number of the service's container (default: the first that runs)",
  },
  privileged: { type: 'boolean', description: 'Give it all privileges' },
  interactive: {
    type: 'boolean',
    short: 'i',
    negatable: true,
    hidden: true,
    description: 'Pass standard input on (default)',
  },
  tty: { type: 'boolean', short: 't', hidden: true, description: 'Accepted for compatibility; see -T' },
} as const satisfies Flags

type ExecInput = Input<typeof FLAGS>

export const command = defineCommand({
  name: 'exec',
  summary: 'Run a command in a running container',
  description: [
    'In a terminal, the command gets a terminal too, and receives Ctrl-C; Ctrl-P Ctrl-Q leaves it running. Otherwise input, output and errors are',
    'passed through unchanged. flotilla exits with its exit code; 126 or 127 if the command cannot be run or does not exist.',
  ].join(' '),
  examples: [
    { command: 'flotilla exec jupyter bash', does: 'A shell in the container of a service.' },
    { command: 'flotilla exec -T mysql mysqldump lab > lab.sql', does: 'Write the output of a command to a file.' },
    {
      command: 'flotilla exec --index 2 -u root web ls -l /',
      does: 'Run as another user, in the second of several containers.',
    },
  ],
  flags: FLAGS,
  positionals: [
    { name: 'SERVICE', required: true, description: 'Service in whose container to run it' },
    {
      name: 'COMMAND',
      required: true,
      variadic: true,
      description: 'The command, with its flags and arguments',
    },
  ],
  handsOn: true,
  async run(context, input) {
    const [service = ''] = input.args
    const target = await targetOf(context.project, service, input.flags.index || undefined)
    const request = await requestOf(context, input)
    if (context.globals.dryRun) return preview(context, target, request)
    return input.flags.detach ? leave(context, target, request) : talk(context, target, request)
  },
})

async function requestOf(context: Context, { flags, args }: ExecInput): Promise<ExecRequest> {
  const [, ...words] = args
  const env = await environmentOf(context.project, flags.env)
  const tty = !flags.noTty && hasTerminal(context)
  const detachKeys = tty && !flags.detach ? await chosenDetachKeys(context) : undefined
  return {
    command: words,
    env: env.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)),
    ...(flags.user !== undefined && { user: flags.user }),
    ...(flags.workdir !== undefined && { workingDir: flags.workdir }),
    privileged: flags.privileged,
    tty,
    size: sizeOf(context),
    stdin: flags.interactive !== false,
    ...(detachKeys !== undefined && { detachKeys }),
  }
}

async function preview(context: Context, { name }: Replica, { command: words }: ExecRequest): Promise<number> {
  const view = await context.view()
  view.say(`would run in ${name}: ${foreign(words.join(' '))}`)
  return 0
}

async function leave(context: Context, { id, name }: Replica, request: ExecRequest): Promise<number> {
  const reader = await context.project.reader()
  try {
    await reader.execDetached(id, request, context.signal)
    return 0
  } catch (thrown) {
    return refused(context, name, thrown)
  }
}

async function talk(context: Context, { id, name }: Replica, request: ExecRequest): Promise<number> {
  const reader = await context.project.reader()
  const options = { clock: context.terminal.clock, signal: context.signal }
  try {
    const { session, refusal } = heldBack(await reader.exec(id, request, options))
    const ending = await converse(context, session, request)
    if (refusal() !== '') (await context.view()).problems([notRun(name, refusal())])
    return typeof ending === 'object' ? ending.code : 0
  } catch (thrown) {
    return refused(context, name, thrown)
  }
}

/** Some engines refuse a command that cannot be run; others report that in its output. */
async function refused(context: Context, name: string, thrown: unknown): Promise<number> {
  const message = thrown instanceof BackendError ? thrown.message : ''
  const code = notRunCode(message)
  if (code === undefined || context.signal.aborted) throw thrown
  const view = await context.view()
  view.problems([notRun(name, message)])
  return code
}

function notRun(name: string, message: string): Diagnostic {
  const words = runtimeWords(message)
  const hint = /there is no program/.test(words)
    ? 'check its PATH, and whether the image has such a program'
    : undefined
  return error('engine-error', `the command did not run in ${name}: ${foreign(words)}`, { hint })
}
