import type { Session } from '../../backend/session.ts'
import { defineCommand } from '../../cli/command.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import type { Flags } from '../../cli/flag.ts'
import { targetOf } from '../../project/target.ts'
import { say } from './say.ts'
import { chosenDetachKeys } from './terminal/detach-keys.ts'
import { buffered } from './terminal/output-buffer.ts'
import { converse, hasTerminal } from './terminal/terminal.ts'

const FLAGS = {
  'detach-keys': {
    type: 'string',
    value: 'KEYS',
    description:
      'Keys that detach from the container, in a terminal, e.g. ctrl-x,d (default: detachKeys of the Docker configuration, or else ctrl-p,ctrl-q)',
  },
  index: {
    type: 'number',
    value: 'N',
    description: "Number of the service's container (default: the first that runs)",
  },
  'no-stdin': { type: 'boolean', description: 'Pass no input to the program' },
  'sig-proxy': {
    type: 'boolean',
    negatable: true,
    description: 'Send signals to the program (default); otherwise, Ctrl-C only detaches from it',
  },
} as const satisfies Flags

export const command = defineCommand({
  name: 'attach',
  summary: "Attach to a running container's program",
  description: [
    'Prints the output of the program from now on. Your input goes to it if the service declares stdin_open. If the program has no terminal,',
    'the first two Ctrl-C send it SIGINT, and the third leaves it running. flotilla exits with its exit code, or with 0 after the detach keys.',
  ].join(' '),
  examples: [
    { command: 'flotilla attach app', does: 'Show its output; with stdin_open and tty, also pass input to it.' },
    {
      command: 'flotilla attach --no-stdin --sig-proxy=false app',
      does: 'Only watch its output; Ctrl-C leaves it running.',
    },
  ],
  flags: FLAGS,
  positionals: [{ name: 'SERVICE', required: true, description: 'Service whose container to attach to' }],
  async run(context, { args: [service = ''], flags }) {
    const keys = await chosenDetachKeys(context, flags.detachKeys)
    const { id, name } = await targetOf(context.project, service, flags.index || undefined)
    if (context.globals.dryRun) return say(context, `would attach to ${name}`)
    const reader = await context.project.reader()
    const { clock } = context.terminal
    const detaching = keys === undefined ? {} : { detachKeys: keys }
    const request = { stdin: !flags.noStdin, ...detaching }
    const attached = await reader.attach(id, request, { clock, signal: context.signal })
    const session = { ...attached.session, output: buffered(attached.session.output) }
    const manner = { tty: attached.tty && hasTerminal(context), stdin: attached.stdin }
    const heard = manner.tty ? session : listening(context, session, flags.sigProxy !== false, name)
    const ending = await converse(context, heard, { ...manner, ...detaching })
    return typeof ending === 'object' ? ending.code : 0
  },
})

const ASKING: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM'])

/** Passes two termination signals on to the program; the third detaches. Without signal proxying, the first one detaches. */
function listening(context: Context, session: Session, proxy: boolean, name: string): Session {
  const { signal: send, ...deaf } = session
  if (!proxy || !send) return deaf
  let times = 0
  let leave: (code: number) => void = () => undefined
  const left = new Promise<number>((resolve) => {
    leave = resolve
  })
  const ask = async (signal: string) => {
    times++
    if (times === 2) await say(context, `${name} is still running: press Ctrl-C again to leave it running`)
    if (times <= 2) return send(signal)
    leave(INTERRUPTED)
    session.close()
  }
  return {
    ...session,
    signal: (signal) => (ASKING.has(signal) ? ask(signal) : send(signal)),
    exitCode: () => Promise.race([session.exitCode(), left]),
  }
}
