import type { UpIntent } from '../../backend/intent.ts'
import type { LogLine, Reader, Replica } from '../../backend/reader.ts'
import type { Context } from '../../cli/context.ts'
import { INTERRUPTED } from '../../cli/exit.ts'
import { logPrinter } from '../../cli/show.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { AttachFlags } from './attach-flags.ts'
import { type AttachedServices, attachedServices } from './attached-services.ts'
import { printBacklog } from './backlog.ts'
import { exitText } from './exit-text.ts'
import { type Exit, type Following, following, type Named } from './follow.ts'
import { unixSeconds } from './moment.ts'
import type { Position } from './position.ts'
import { replicaName } from './replicas.ts'
import type { Started } from './started.ts'
import { aborted, type Stopping, stopAgain } from './stop.ts'
import { Verdict } from './verdict.ts'

/** An `up` that has brought up what it was asked for, and stays. */
export interface Attachment {
  flags: AttachFlags
  loaded: Loaded
  intent: UpIntent
  started: Started
  /** When the command began, in milliseconds since the epoch. */
  began: number
}

/**
 * Follows what was brought up: the logs of new containers from their beginning, those of others from when the command began. Ends when
 * they do; stops them when the user, or the end of one of them, asks for it.
 * @returns the exit code of the command
 */
export async function attached(context: Context, attachment: Attachment): Promise<number> {
  const { flags, loaded, intent } = attachment
  const services = attachedServices(flags, loaded, intent)
  const verdict = new Verdict(flags, (service) => services.awaited.has(service))
  const over = new AbortController()
  const logs = new AttachedLogs(context, attachment, services, verdict)
  try {
    const ended = logs.run(over.signal)
    await Promise.race([ended, aborted(context.signal), aborted(verdict.signal)])
    await stopIfAsked(context, attachment, services, verdict)
    await logs.drained()
  } finally {
    over.abort()
    await logs.closed()
  }
  return context.signal.aborted ? INTERRUPTED : verdict.code
}

/** Interrupted, an `up` stops what it started, and nothing that ran before. */
export function stopStarted(context: Context, { loaded, intent, started }: Attachment): Promise<void> {
  const { timeout } = intent
  const what = { services: started.services, only: started.containers, ...(timeout !== undefined && { timeout }) }
  return stopAgain(context, loaded, what, 'Stopping')
}

async function stopIfAsked(
  context: Context,
  attachment: Attachment,
  { awaited }: AttachedServices,
  { cause }: Verdict,
): Promise<void> {
  if (context.signal.aborted) return stopStarted(context, attachment)
  if (!cause) return
  const { loaded, intent, started } = attachment
  const services = [...new Set([...awaited, ...started.services])].sort()
  const what: Stopping = { services, ...(intent.timeout !== undefined && { timeout: intent.timeout }) }
  await stopAgain(context, loaded, what, `Stopping, since ${replicaName(cause.replica)} ${exitText(cause.exit)}`)
}

/** What is printed of an attached `up`. */
class AttachedLogs {
  #following: Following | undefined
  #ended: Promise<void> = Promise.resolve()

  constructor(
    private readonly context: Context,
    private readonly attachment: Attachment,
    private readonly services: AttachedServices,
    private readonly verdict: Verdict,
  ) {}

  /** Resolves when nothing runs any more that is waited for, or the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    this.#ended = this.#run(signal)
    return this.#ended
  }

  /** The last lines of what has ended are out. */
  async drained(): Promise<void> {
    await this.#following?.drained()
  }

  /** Nothing is printed any more. What was to be told of a failure was told by `run`. */
  async closed(): Promise<void> {
    await this.#ended.catch(() => undefined)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { context } = this
    const [{ reader }, printer, view] = await Promise.all([context.backend(), this.#printer(), context.view()])
    const print = (text: string) => view.beside(() => context.print(text))
    const onLine = (replica: Named, line: LogLine) => print(printer.line(replicaName(replica), line.text, line.time))
    const onExit = (replica: Named, exit: Exit) => {
      print(printer.remark(replicaName(replica), exitText(exit)))
      this.verdict.hear(replica, exit)
    }
    const printed = await this.#backlog(reader, onLine, signal)
    this.#following = following(reader, { ...this.#options(printed), onLine, onExit }, signal)
    await this.#following.ended
  }

  async #backlog(
    reader: Reader,
    onLine: (replica: Replica, line: LogLine) => void,
    signal: AbortSignal,
  ): Promise<Map<string, Position>> {
    const { loaded, started, began } = this.attachment
    const all = await reader.list(loaded.stack.name, { all: true }, signal)
    const shown = all.filter(({ oneoff, service }) => !oneoff && this.services.shown.has(service))
    const since = { since: unixSeconds(began) }
    const partOf = (replica: Replica) => (started.hasCreated(addressOf(replica)) ? {} : since)
    return printBacklog(reader, shown, partOf, onLine, signal)
  }

  #options(printed: ReadonlyMap<string, Position>) {
    const { loaded, started, flags, began } = this.attachment
    const { awaited, shown } = this.services
    const { exitCodeFrom } = flags
    return {
      project: loaded.stack.name,
      services: new Set([...awaited, ...shown, ...(exitCodeFrom === undefined ? [] : [exitCodeFrom])]),
      shows: (service: string) => shown.has(service),
      awaits: (service: string) => awaited.has(service),
      from: (replica: Named) => {
        const position = printed.get(replica.id)
        // Where nothing was printed yet, what it wrote in earlier runs stays unprinted too.
        const since = started.hasCreated(addressOf(replica)) ? {} : { since: unixSeconds(began) }
        return { ...since, ...(position && { position }) }
      },
      isNews: (replica: Replica) => started.hasStarted(addressOf(replica)),
      clock: this.context.terminal.clock,
    }
  }

  #printer() {
    const { noLogPrefix, timestamps, noColor } = this.attachment.flags
    const style = { prefix: !noLogPrefix, timestamps, colour: !noColor }
    const names = [...this.services.shown].sort().map((service) => `${service}-1`)
    return logPrinter(this.context, style, names)
  }
}

function addressOf({ service, number }: Named): string {
  return `container/${service}/${number}`
}
