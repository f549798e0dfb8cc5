import type { UpIntent } from '../../../backend/intent.ts'
import type { Context } from '../../../cli/context.ts'
import { INTERRUPTED } from '../../../cli/exit.ts'
import { ownCommand } from '../../../diagnostics/own-command.ts'
import type { Emit } from '../../../execute/event.ts'
import type { Loaded } from '../../../load/loaded.ts'
import { selectedServices } from '../../../project/load/checked-stack.ts'
import { replicaName } from '../../../project/replicas.ts'
import type { AttachFlags } from './attach-flags.ts'
import { AttachedLogs } from './attached-logs.ts'
import { type AttachedServices, attachedServices } from './attached-services.ts'
import { type Cause, ExitPolicy } from './exit-policy.ts'
import { exitText } from './exit-text.ts'
import { leftRunning } from './left-running.ts'
import type { StartedContainers } from './started-containers.ts'
import { aborted, type Stopping, stopAgain } from './stop.ts'

/** Milliseconds for which a failed `up` waits for the last log lines. */
const PATIENCE = 2000

/** The inputs of an attached `up`. */
export interface Attachment {
  flags: AttachFlags
  intent: UpIntent
  started: StartedContainers
  /** The start of the command, in milliseconds since the epoch. */
  began: number
  /** Aborts at the second Ctrl-C. */
  again: AbortSignal
}

/** The loaded stack and values derived from it. */
interface Known {
  loaded: Loaded
  services: AttachedServices
  policy: ExitPolicy
  logs: AttachedLogs
}

/**
 * Follows the containers of an `up` from the start of its execution: prints the logs of new containers from their start, and those
 * of others from the start of the command. Ends when the containers end; stops them if the user requests it, or if the end of one
 * container requires it.
 */
export class Attached {
  readonly #over = new AbortController()
  readonly #decided = new AbortController()
  /** Aborts when the user detaches. */
  readonly #detached = new AbortController()
  #known: Known | undefined

  constructor(
    private readonly context: Context,
    private readonly attachment: Attachment,
  ) {}

  /** Aborts when a container's end requires stopping everything. */
  get decided(): AbortSignal {
    return this.#decided.signal
  }

  /** Resolves once the subscription is active: no later event of the stack's containers is missed. */
  async prepare(loaded: Loaded): Promise<void> {
    const { context, attachment } = this
    const { flags, intent } = attachment
    const services = attachedServices(flags, loaded, intent)
    const policy = exitPolicyFor(flags, loaded, services)
    policy.signal.addEventListener('abort', () => this.#decided.abort(), { once: true })
    const { reader } = await context.project.backend()
    const changes = reader.changes(loaded.stack.name, this.#over.signal)
    const logs = new AttachedLogs(context, { ...attachment, project: loaded.stack.name, services, policy, changes })
    this.#known = { loaded, services, policy, logs }
    // If the engine does not answer, the next call reports it.
    const listening = changes.catch(() => undefined)
    await Promise.race([Promise.all([logs.prepare(), listening]), aborted(context.signal)])
  }

  /** Listens to the run's events on their way to the view. Failures are reported last. */
  listen(emit: Emit): Emit {
    return (event) => {
      if (event.type === 'end' && !event.ok) this.#known?.logs.flush()
      emit(event)
      if (event.type === 'plan') this.#known?.logs.begin(this.#over.signal)
    }
  }

  /**
   * Called once everything is up, or was interrupted by the user or by a container's end: waits until everything has ended. Resolves
   * to the command's exit code.
   * @param atEnd called as soon as that is the case, before anything is stopped
   */
  async stay(atEnd: () => Promise<void> = async () => undefined): Promise<number> {
    const { context } = this
    if (!this.#known) return INTERRUPTED
    const { policy, logs } = this.#known
    const ended = logs.arrive()
    const unread = policy.canEnd ? [] : [context.unread]
    const detached = this.#detached.signal
    // One listener of a signal of our own: those of the process would keep theirs.
    const over = AbortSignal.any([context.signal, policy.signal, detached, ...unread])
    await Promise.race([ended, aborted(over)]).finally(atEnd)
    if (detached.aborted && !context.signal.aborted) return this.#leave('Detached')
    if (unread.some(({ aborted }) => aborted) && !context.signal.aborted)
      return this.#leave('The logs are no longer read')
    await this.#stopIfAsked(this.#known)
    if (!context.signal.aborted) await logs.drained()
    else await this.#takeLeave(this.#known)
    return context.signal.aborted ? INTERRUPTED : policy.code
  }

  /** Leaves everything running, once it is up. */
  detach(): void {
    this.#detached.abort()
  }

  /** After a failure: waits until the last lines of ended containers are printed, unless the engine is slow. */
  async drained(): Promise<void> {
    const tooLong = this.context.terminal.clock.sleep(PATIENCE, this.#over.signal).catch(() => undefined)
    await Promise.race([this.#known?.logs.drained(), tooLong])
  }

  /** Resolves once nothing more is printed. */
  async close(): Promise<void> {
    this.#over.abort()
    await this.#known?.logs.closed()
  }

  /** Ends without stopping anything, because the user detaches or nobody reads the logs any more (`| head`). */
  async #leave(why: string): Promise<number> {
    const view = await this.context.view()
    view.say(`${why}; the services keep running, and \`${ownCommand('stop')}\` stops them`)
    return 0
  }

  /** Resolves once everything that should stop has stopped. Another Ctrl-C skips the wait. */
  async #takeLeave({ loaded, logs }: Known): Promise<void> {
    const { interrupts } = this.context.host
    const again = this.attachment.again.aborted ? interrupts.next() : this.attachment.again
    const selected = selectedServices(loaded, this.attachment.intent)
    const view = await this.context.view()
    for (const words of [logs.drainedSoon(again), leftRunning(this.context, selected, again).catch(() => undefined)]) {
      const text = await Promise.race([words, aborted(again)])
      if (text) view.say(text)
    }
  }

  async #stopIfAsked({ loaded, services: { awaited }, policy: { cause } }: Known): Promise<void> {
    const { context } = this
    const { intent, started, again } = this.attachment
    const timeout = intent.timeout === undefined ? {} : { timeout: intent.timeout }
    // An interrupted `up` stops only the containers that it started.
    const own: Stopping = { services: started.services, only: started.containers, ...timeout }
    if (context.signal.aborted) return stopAgain(context, { declared: loaded, what: own, why: 'Stopping' }, again)
    if (!cause) return
    const services = [...new Set([...awaited, ...started.services])].sort()
    const what = { services, ...timeout }
    await stopAgain(context, { declared: loaded, what, why: whyStopping(cause) }, again)
  }
}

function exitPolicyFor(flags: AttachFlags, { stack, graph }: Loaded, { awaited }: AttachedServices): ExitPolicy {
  const jobs = new Set(
    graph.keys.flatMap((name) =>
      Object.entries(stack.services[name]?.depends_on ?? {}).flatMap(([other, { condition }]) =>
        condition === 'service_completed_successfully' ? [other] : [],
      ),
    ),
  )
  return new ExitPolicy(flags, { isAwaited: (service) => awaited.has(service), isJob: (service) => jobs.has(service) })
}

/** Explains why everything stops. A container that is being stopped is not restarted. */
function whyStopping({ replica, exit }: Cause): string {
  const text = exitText({ ...exit, restarting: false })
  return `Stopping, because ${replicaName(replica)} ${text}${exit.restarting ? ' and was about to be restarted' : ''}`
}
