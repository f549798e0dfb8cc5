import type { Change } from '../../../backend/read/events.ts'
import type { LogLine } from '../../../backend/read/logs.ts'
import type { Context } from '../../../cli/context.ts'
import { type LogLayout, logLayout } from '../../../cli/show.ts'
import { ownCommand } from '../../../diagnostics/own-command.ts'
import { type Following, following } from '../../../logs/follow.ts'
import type { Exit, FollowOptions, ReplicaRef } from '../../../logs/follow-options.ts'
import { logName } from '../../../project/replicas.ts'
import { untilIdle } from '../../../project/with-lock.ts'
import { type Address, containerAddress } from '../../../stack/address.ts'
import { unixSeconds } from '../../shared/moment.ts'
import type { AttachFlags } from './attach-flags.ts'
import type { AttachedServices } from './attached-services.ts'
import type { ExitPolicy } from './exit-policy.ts'
import { exitText, GIVEN_UP } from './exit-text.ts'
import { leftOutText, Portion } from './portion.ts'
import type { StartedContainers } from './started-containers.ts'

/** Milliseconds to print remaining lines that were written before the user stopped everything. */
const BACKLOG = 1000
/** Milliseconds to count the lines after that: there may be millions. */
const COUNTING = 250

export interface LogSources {
  flags: AttachFlags
  started: StartedContainers
  /** The start of the command, in milliseconds since the epoch. */
  began: number
  project: string
  services: AttachedServices
  policy: ExitPolicy
  /** Changes of the project's containers, starting before the first step. */
  changes: Promise<AsyncIterable<Change>>
}

/** Prints the logs of an attached `up`, beside the progress that its view shows. */
export class AttachedLogs {
  #follow: ((signal: AbortSignal) => Following) | undefined
  #following: Following | undefined
  #ended: Promise<void> = Promise.resolve()
  readonly #portion: Portion
  /** The number of lines left out, once printing has stopped. */
  #leftOut: number | undefined
  #arrive: () => void = () => undefined
  readonly #arrived = new Promise<void>((resolve) => {
    this.#arrive = resolve
  })

  constructor(
    private readonly context: Context,
    private readonly sources: LogSources,
  ) {
    this.#portion = new Portion((printed) => context.pass(printed))
  }

  /** Opens all subscriptions, so that following can start at once. */
  async prepare(): Promise<void> {
    const { context } = this
    const [{ reader }, layout, { beside }] = await Promise.all([
      context.project.backend(),
      this.#layout(),
      context.view(),
    ])
    this.#portion.beside = beside
    this.#follow = (signal) => following(reader, { ...this.#options(), ...this.#tellers(layout) }, signal)
  }

  /** Called when the run starts: prints the logs of the containers that it starts, until the signal aborts. */
  begin(signal: AbortSignal): void {
    if (this.#following || signal.aborted) return
    this.#following = this.#follow?.(signal)
    this.#ended = this.#following?.ended ?? Promise.resolve()
    // The caller receives the failure when it awaits the promise.
    this.#ended.catch(() => undefined)
  }

  /** Called once everything is up. Resolves when none of the awaited containers runs any more, or when following is closed. */
  arrive(): Promise<void> {
    this.#arrive()
    return this.#ended
  }

  /** Prints the lines that are held back to keep the order. */
  flush(): void {
    this.#following?.flush()
    this.#portion.print()
  }

  /** Resolves once the last lines of all ended containers are printed. */
  async drained(): Promise<void> {
    await this.#following?.drained()
  }

  /**
   * Like `drained`, for a user who has stopped everything and waits for the prompt: slow output is left out.
   * @returns a sentence about the omitted output
   */
  async drainedSoon(signal: AbortSignal): Promise<string | undefined> {
    const { clock } = this.context.terminal
    const late = (ms: number) => clock.sleep(ms, signal).catch(() => undefined)
    const drained = this.drained().then(
      () => true,
      () => true,
    )
    if (await Promise.race([drained, late(BACKLOG)])) return undefined
    this.#leftOut = 0
    const isAll = await Promise.race([drained, late(COUNTING)])
    this.flush()
    return leftOutText(this.#leftOut, isAll === true, ownCommand('logs'))
  }

  /** Resolves once nothing more is printed. `arrive` reports failures. */
  async closed(): Promise<void> {
    await this.#ended.catch(() => undefined)
  }

  #tellers(layout: LogLayout) {
    const nameOf = (replica: ReplicaRef) => logName(replica, this.sources.project)
    const remark = (replica: ReplicaRef, text: string) => this.#portion.add(layout.remark(nameOf(replica), text))
    return {
      onLine: (replica: ReplicaRef, line: LogLine) => {
        if (this.#leftOut === undefined) this.#portion.add(layout.line(nameOf(replica), line))
        else this.#leftOut++
      },
      onExit: (replica: ReplicaRef, exit: Exit) => {
        remark(replica, exitText(exit))
        this.sources.policy.hear(replica, exit)
      },
      onGivenUp: (replica: ReplicaRef) => remark(replica, GIVEN_UP),
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
      // Output from before this command is not printed.
      from: ({ id }) => (started.hasCreated(id) ? {} : { since: unixSeconds(began) }),
      isNews: (replica) => started.hasStarted(addressOf(replica)),
      atRest: (signal) => untilIdle(this.context.project, { command: 'up', signal }),
      clock: this.context.terminal.clock,
    }
  }

  #layout(): Promise<LogLayout> {
    const { flags, services } = this.sources
    const { noLogPrefix, timestamps, noColor } = flags
    const style = { prefix: !noLogPrefix, timestamps, colour: !noColor }
    const names = [...services.shown].sort().map((service) => `${service}-1`)
    return logLayout(this.context, style, names)
  }
}

function addressOf({ service, number }: ReplicaRef): Address {
  return containerAddress(service, number)
}
