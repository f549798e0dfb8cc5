import type { Declared } from '../backend/backend.ts'
import { isAboutImages } from '../backend/image-intent.ts'
import {
  DOWN,
  type DownIntent,
  type Intent,
  type RestartIntent,
  type StartIntent,
  type StopIntent,
  UP,
  type UpIntent,
} from '../backend/intent.ts'
import type { Replica } from '../backend/read/containers.ts'
import type { Reader } from '../backend/reader.ts'
import type { ExecRequest, Session } from '../backend/session.ts'
import { BackendError } from '../diagnostics/backend-error.ts'
import { StackError } from '../diagnostics/checked.ts'
import { guardStack } from '../guard/guard.ts'
import { withGuardLock } from '../guard/guard-lock.ts'
import { guardedStackOf } from '../guard/guarded-stack.ts'
import type { Loaded } from '../load/loaded.ts'
import type { SavedPlan } from '../plan/saved.ts'
import { planIntent } from '../project/converge.ts'
import type { Endpoint } from '../project/endpoint/endpoint.ts'
import { endpointsOfServices } from '../project/endpoint/find.ts'
import type { Project } from '../project/project.ts'
import type { Ran, RunRequest, Survey } from '../project/request.ts'
import { runIntent } from '../project/run-intent.ts'
import { demandSaved } from '../project/saved-shape.ts'
import { targetOf } from '../project/target.ts'
import { wantedFor } from '../project/wanted.ts'
import { maskProblems, maskSentence } from '../redact/mask-problem.ts'
import { readLogs } from './logs.ts'
import { opened, secretsOf } from './opened.ts'
import type { EndpointsRequest, GuardRequest, LogsRequest, OpenProjectOptions, WorkOptions } from './options.ts'
import { applyRequest, savedPlanOf } from './saved.ts'

/**
 * Opens a stack for programs, with all features of the command line: changes take turns with all other commands on this machine,
 * wait for the engine to complete the requests of killed commands, and are recorded for guards. Reads nothing until a method is
 * called; each operation reads the files again.
 */
export function openProject(options: OpenProjectOptions): OpenProject {
  return new OpenProject(options)
}

/** All methods throw StackErrors with problems as data; the engine's are BackendErrors. */
export class OpenProject {
  constructor(private readonly options: OpenProjectOptions) {}

  /** The project's name, even if its files have problems elsewhere. */
  async name(): Promise<string> {
    return this.#with({}, (project) => project.name())
  }

  /** The stack as its files declare it; named services are active regardless of their profiles. */
  async load(services: readonly string[] = []): Promise<Loaded> {
    return this.#with({}, (project) => project.loaded(services))
  }

  /** Plans an intent. Changes nothing, and takes no lock. The plan's actions contain secrets. */
  async plan(intent: Intent = UP): Promise<Survey> {
    return this.#with({}, async (project) => planIntent(project, await wantedFor(project, intent)))
  }

  /** Executes an intent. All changes that the command line makes are intents. */
  async run(intent: Intent, work: WorkOptions = {}): Promise<Ran> {
    const beside = isAboutImages(intent) ? { lockFree: true as const } : {}
    return this.#run(work, (project) => ({ command: intent.kind, load: () => wantedFor(project, intent), ...beside }))
  }

  /** Brings services up as the stack declares them; all by default. */
  up(change: Partial<Omit<UpIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ ...UP, ...change }, work)
  }

  /** Stops and removes containers and networks; volumes stay, unless `volumes` is true. */
  down(change: Partial<Omit<DownIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ ...DOWN, ...change }, work)
  }

  /** Stops containers without removing them. */
  stop(change: Partial<Omit<StopIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ kind: 'stop', services: [], ...change }, work)
  }

  /** Starts stopped containers. */
  start(change: Partial<Omit<StartIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ kind: 'start', services: [], wait: false, ...change }, work)
  }

  /** Stops containers and starts them again. */
  restart(change: Partial<Omit<RestartIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ kind: 'restart', services: [], noDeps: false, ...change }, work)
  }

  /** Saves a plan that `apply` or `flotilla apply` executes later; plain JSON without secrets. */
  async save(intent: UpIntent = UP): Promise<SavedPlan> {
    return this.#with({}, (project) => savedPlanOf(project, intent))
  }

  /** Executes exactly the saved plan; throws a StackError if it is invalid, or if anything has changed since. */
  async apply(saved: SavedPlan, work: WorkOptions = {}): Promise<Ran> {
    const plan = demandSaved(saved)
    return this.#run(work, (project) => applyRequest(project, plan), plan)
  }

  /** The project's containers, sorted by service and number; needs the stack file only for the name. */
  async containers({ all = true }: { all?: boolean } = {}): Promise<Replica[]> {
    return this.#with({}, async (project) => {
      const [name, reader] = await Promise.all([project.existingName(), project.reader()])
      return reader.list(name, { all }, project.signal)
    })
  }

  /** The addresses of the ports that running containers publish, as `flotilla endpoints` prints them. */
  async endpoints({ services = [], showSecrets = false }: EndpointsRequest = {}): Promise<Endpoint[]> {
    return this.#with({}, (project) => endpointsOfServices(project, services, showSecrets))
  }

  /** Passes on what containers printed, and what they print from now on if `follow` is true. */
  async logs(request: LogsRequest): Promise<void> {
    await this.#with(request.signal ? { signal: request.signal } : {}, (project) => readLogs(project, request))
  }

  /** Events, single logs, files and everything else that changes no project. */
  async reader(): Promise<Reader> {
    return this.#with({}, (project) => project.reader())
  }

  /** Starts a command in a service's container: the one with that number, or else the first running one. */
  async exec(service: string, request: ExecRequest, { index, ...work }: WorkOptions & { index?: number } = {}) {
    return this.#with(work, async (project): Promise<Session> => {
      const [{ id }, reader] = await Promise.all([targetOf(project, service, index), project.reader()])
      return reader.exec(id, request, project)
    })
  }

  /** Restarts crashed containers until the signal aborts; throws a StackError if the project already has a guard. */
  async guard({ services = [], signal, onMessage, onReady }: GuardRequest): Promise<void> {
    const work = signal ? { signal } : {}
    await this.#with(work, async (project) => {
      const guarded = await guardedStackOf(project, services)
      const say = (text: string) => onMessage(maskSentence(text, secretsOf(project)))
      const options = { services, reopen: () => opened(this.options, work), say, ...(onReady && { onReady }) }
      await withGuardLock(project, () => guardStack(guarded, options))
    })
  }

  async #run<D extends Declared>(
    work: WorkOptions,
    requestOf: (project: Project) => RunRequest<D>,
    saved?: SavedPlan,
  ): Promise<Ran<D>> {
    return this.#with(work, (project) => runIntent(project, requestOf(project)), saved)
  }

  /** Masks secrets in thrown errors too. */
  async #with<T>(work: WorkOptions, task: (project: Project) => Promise<T>, saved?: SavedPlan): Promise<T> {
    const project = opened(this.options, work, saved)
    try {
      return await task(project)
    } catch (thrown) {
      if (!(thrown instanceof StackError) || thrown instanceof BackendError) throw thrown
      throw new StackError(maskProblems(thrown.diagnostics, secretsOf(project)))
    }
  }
}
