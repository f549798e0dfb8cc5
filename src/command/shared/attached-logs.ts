import type { Change, LogLine } from '../../backend/reader.ts'
import type { Context } from '../../cli/context.ts'
import { logPrinter } from '../../cli/show.ts'
import type { LogPrinter } from '../../view/log-lines.ts'
import type { View } from '../../view/view.ts'
import type { AttachFlags } from './attach-flags.ts'
import type { AttachedServices } from './attached-services.ts'
import { exitText, GIVEN_UP } from './exit-text.ts'
import { type Exit, type Following, type FollowOptions, following, type Named } from './follow.ts'
import { unixSeconds } from './moment.ts'
import { replicaName } from './replicas.ts'
import type { Started } from './started.ts'
import type { Verdict } from './verdict.ts'

export interface LogSources {
  flags: AttachFlags
  started: Started
  /** When the command began, in milliseconds since the epoch. */
  began: number
  project: string
  services: AttachedServices
  verdict: Verdict
  /** What happens to the project's containers, since before anything was done to them. */
  changes: Promise<AsyncIterable<Change>>
}

/** What is printed of an attached `up`, beside what its view shows. */
export class AttachedLogs {
  #follow: ((signal: AbortSignal) => Following) | undefined
  #following: Following | undefined
  #ended: Promise<void> = Promise.resolve()
  readonly #portion: Portion
  #arrive: () => void = () => undefined
  readonly #arrived = new Promise<void>((resolve) => {
    this.#arrive = resolve
  })

  constructor(
    private readonly context: Context,
    private readonly sources: LogSources,
  ) {
    this.#portion = new Portion((text) => context.print(text))
  }

  /** Has all that it takes, so that it can begin at once. */
  async prepare(): Promise<void> {
    const { context } = this
    const [{ reader }, printer, { beside }] = await Promise.all([context.backend(), this.#printer(), context.view()])
    this.#portion.beside = beside
    this.#follow = (signal) => following(reader, { ...this.#options(), ...this.#tellers(printer) }, signal)
  }

  /** The run begins: what it starts is shown from then on, until the signal aborts. */
  begin(signal: AbortSignal): void {
    if (this.#following || signal.aborted) return
    this.#following = this.#follow?.(signal)
    this.#ended = this.#following?.ended ?? Promise.resolve()
    // Who waits for it hears of a failure.
    this.#ended.catch(() => undefined)
  }

  /** All is up. Resolves when nothing runs any more that is waited for, or what follows is closed. */
  arrive(): Promise<void> {
    this.#arrive()
    return this.#ended
  }

  /** What is held back for the sake of order is printed. */
  flush(): void {
    this.#following?.flush()
    this.#portion.print()
  }

  /** The last lines of what has ended are out. */
  async drained(): Promise<void> {
    await this.#following?.drained()
  }

  /** Nothing is printed any more. What was to be told of a failure was told by `arrive`. */
  async closed(): Promise<void> {
    await this.#ended.catch(() => undefined)
  }

  #tellers(printer: LogPrinter) {
    const remark = (replica: Named, text: string) => this.#portion.add(printer.remark(replicaName(replica), text))
    return {
      onLine: (replica: Named, { text, time }: LogLine) =>
        this.#portion.add(printer.line(replicaName(replica), text, time)),
      onExit: (replica: Named, exit: Exit) => {
        remark(replica, exitText(exit))
        this.sources.verdict.hear(replica, exit)
      },
      onGivenUp: (replica: Named) => remark(replica, GIVEN_UP),
    }
  }

  #options(): Omit<FollowOptions, 'onLine' | 'onExit'> {
    const { project, changes, started, flags, began, services } = this.sources
    const { awaited, shown } = services
    const { exitCodeFrom } = flags
    return {
      project,
      changes,
      upcoming: {
        over: this.#arrived,
        includes: (replica) => started.isHereToStay({ id: replica.id, address: addressOf(replica) }),
      },
      services: new Set([...awaited, ...shown, ...(exitCodeFrom === undefined ? [] : [exitCodeFrom])]),
      shows: (service) => shown.has(service),
      awaits: (service) => awaited.has(service),
      // What a container wrote before this command stays unprinted.
      from: ({ id }) => (started.hasCreated(id) ? {} : { since: unixSeconds(began) }),
      isNews: (replica) => started.hasStarted(addressOf(replica)),
      clock: this.context.terminal.clock,
    }
  }

  #printer(): Promise<LogPrinter> {
    const { flags, services } = this.sources
    const { noLogPrefix, timestamps, noColor } = flags
    const style = { prefix: !noLogPrefix, timestamps, colour: !noColor }
    const names = [...services.shown].sort().map((service) => `${service}-1`)
    return logPrinter(this.context, style, names)
  }
}

/** Prints what comes at the same time in one go: a board that stands below is drawn anew each time. */
class Portion {
  beside: View['beside'] = (print) => print()
  #text = ''

  constructor(private readonly output: (text: string) => void) {}

  add(text: string): void {
    if (this.#text === '') queueMicrotask(() => this.print())
    this.#text += text
  }

  print(): void {
    const text = this.#text
    this.#text = ''
    if (text !== '') this.beside(() => this.output(text))
  }
}

function addressOf({ service, number }: Named): string {
  return `container/${service}/${number}`
}
