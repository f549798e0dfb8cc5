import type { Session, Spoken, TerminalSize } from '../../../backend/session.ts'
import type { Context } from '../../../cli/context.ts'
import { codeOfSignal } from '../../../cli/exit.ts'
import type { Clock } from '../../../execute/step-context.ts'
import { detachKeysOf, untilDetached } from './detach-keys.ts'
import { Unread } from './unread.ts'

/** How a session is connected to this terminal. */
export interface Manner {
  /** The program runs in a terminal; this one switches to raw mode for it. */
  tty: boolean
  /** The program receives typed or piped input. */
  stdin: boolean
  /** The keys that detach, in a terminal; `ctrl-p,ctrl-q` by default. */
  detachKeys?: string
}

/** How a session ended: with an exit code, the program's or that of a signal to this process, or because the user detached. */
export type Ending = { code: number } | 'detached'

/** Whether both ends are a terminal, so that the program can have one. */
export function hasTerminal({ host }: Context): boolean {
  return host.terminal.out.isTTY && host.console.isTTY()
}

export function sizeOf({ host }: Context): TerminalSize {
  const { out } = host.terminal
  return { columns: out.columns(), rows: out.rows() }
}

/**
 * Connects a program with this terminal until it ends or the user detaches. Passes typed or piped input on unchanged, at the
 * program's speed, including its end; prints the output. Passes signals to the program if it can receive any; otherwise they end the
 * session. If the terminal closes, or nobody reads the continuing output, the program is stopped where that is possible. In every
 * case, the terminal's mode is restored.
 * @param heard a signal that arrived before the session started
 */
export async function converse(context: Context, session: Session, manner: Manner, heard?: string): Promise<Ending> {
  const end = endOf(session, context.terminal.clock)
  const undivert = context.host.interrupts.divert(end.hear)
  const unread = new Unread(context.host.terminal, () => void giveUp(context, session, end))
  if (heard !== undefined) end.hear(heard)
  try {
    await talk(context, session, manner, unread, () => end.leave('detached'))
    return await Promise.race([end.left, session.exitCode().then((code) => end.givenUp() ?? { code })])
  } finally {
    session.close()
    undivert()
  }
}

async function giveUp(context: Context, session: Session, end: ReturnType<typeof endOf>): Promise<void> {
  end.giveUp('SIGPIPE')
  const view = await context.view()
  const what = session.stop ? 'the container is stopped' : 'the command keeps running'
  view.say(`The output is no longer read: ${what}`)
}

/** Milliseconds after which a program that outlives its closed terminal is asked to end; a shell ends by itself. */
const HANG_UP = 1000

/** Closing the session ends its output, and thereby the conversation. */
function endOf(session: Session, clock: Clock) {
  let resolve: (how: Ending) => void = () => undefined
  let why: Ending | undefined
  const left = new Promise<Ending>((settle) => {
    resolve = settle
  })
  const leave = (how: Ending) => {
    resolve(how)
    session.close()
  }
  const stop = () => void session.stop?.().catch(() => undefined)
  const giveUp = (signal: string) => {
    if (!session.stop) return leave({ code: codeOfSignal(signal) })
    why ??= { code: codeOfSignal(signal) }
    stop()
  }
  const hear = (signal: string) => {
    if (!session.signal) return leave({ code: codeOfSignal(signal) })
    session.signal(signal).catch(() => undefined)
    if (signal === 'SIGHUP') clock.sleep(HANG_UP).then(stop, stop)
  }
  return { left, leave, giveUp, hear, givenUp: () => why }
}

async function talk(
  context: Context,
  session: Session,
  manner: Manner,
  unread: Unread,
  onDetach: () => void,
): Promise<void> {
  const { console } = context.host
  const over = new AbortController()
  const undo = [
    ...(manner.tty && manner.stdin ? [console.raw()] : []),
    ...(manner.tty ? [followSize(context, session)] : []),
  ]
  try {
    const typed = manner.stdin ? say(context, session, manner, over.signal, onDetach) : undefined
    await listen(context, session.output, unread)
    over.abort()
    await typed
  } finally {
    over.abort()
    for (const each of undo) each()
  }
}

/** Sends sizes one at a time, the latest one last: the engine may process concurrent calls in any order. */
function followSize(context: Context, session: Session): () => void {
  let isReported = true
  let isTelling = false
  const tell = async () => {
    isReported = false
    if (isTelling) return
    isTelling = true
    while (!isReported) {
      isReported = true
      await session.resize(sizeOf(context)).catch(() => undefined)
    }
    isTelling = false
  }
  void tell()
  return context.host.console.onResize(() => void tell())
}

/** Discards input once the program has ended or closed its input. */
async function say(
  { host }: Context,
  session: Session,
  { tty, detachKeys }: Manner,
  signal: AbortSignal,
  onDetach: () => void,
): Promise<void> {
  const input = host.console.input(signal)
  const keys = detachKeys === undefined ? undefined : detachKeysOf(detachKeys)
  for await (const bytes of tty ? untilDetached(input, onDetach, keys) : input) {
    const taken = await session.write(bytes).then(
      () => true,
      () => false,
    )
    if (!taken) return
  }
  if (!signal.aborted) session.end()
}

async function listen({ host }: Context, output: AsyncIterable<Spoken>, unread: Unread): Promise<void> {
  for await (const { stream, payload } of output) {
    await host.console.write(stream, payload)
    unread.note(stream, payload.length)
  }
}
