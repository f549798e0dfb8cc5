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
import type { Project } from '../project/project.ts'
import type { Ran, RunRequest, Survey } from '../project/request.ts'
import { runIntent } from '../project/run-intent.ts'
import { demandSaved } from '../project/saved-shape.ts'
import { targetOf } from '../project/target.ts'
import { wantedFor } from '../project/wanted.ts'
import { maskProblems, maskSentence } from '../redact/mask-problem.ts'
import { opened, secretsOf } from './opened.ts'
import type { GuardRequest, OpenProjectOptions, WorkOptions } from './options.ts'
import { applyRequest, savedPlanOf } from './saved.ts'

/**
 * Opens a stack for programs, with everything that the command line does: what changes it takes turns with all other commands on this
 * machine, waits for what killed ones left the engine to do, and is recorded for guards. Reads nothing until it is asked to; each piece of
 * work reads the files again.
 */
export function openProject(options: OpenProjectOptions): OpenProject {
  return new OpenProject(options)
}

/** Throws, all over, StackError with problems as data; those of the engine are BackendErrors. */
export class OpenProject {
  constructor(private readonly options: OpenProjectOptions) {}

  /** The project's name; also where its files have problems, as far as they say it. */
  async name(): Promise<string> {
    return this.#with({}, (project) => project.name())
  }

  /** The stack as its files declare it; services that are named are active whatever their profiles say. */
  async load(services: readonly string[] = []): Promise<Loaded> {
    return this.#with({}, (project) => project.loaded(services))
  }

  /** The plan for an intent. Changes nothing, and takes no lock. The plan's actions hold secrets. */
  async plan(intent: Intent = UP): Promise<Survey> {
    return this.#with({}, async (project) => planIntent(project, await wantedFor(project, intent)))
  }

  /** Carries an intent out: everything that the command line changes is one. */
  async run(intent: Intent, work: WorkOptions = {}): Promise<Ran> {
    const beside = isAboutImages(intent) ? { lockFree: true as const } : {}
    return this.#run(work, (project) => ({ command: intent.kind, load: () => wantedFor(project, intent), ...beside }))
  }

  /** Brings services up as the stack declares them; by default all. */
  up(change: Partial<Omit<UpIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ ...UP, ...change }, work)
  }

  /** Stops and removes containers and networks; volumes stay, unless `volumes` is true. */
  down(change: Partial<Omit<DownIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ ...DOWN, ...change }, work)
  }

  /** Stops containers and keeps them. */
  stop(change: Partial<Omit<StopIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ kind: 'stop', services: [], ...change }, work)
  }

  /** Starts containers that were stopped. */
  start(change: Partial<Omit<StartIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ kind: 'start', services: [], wait: false, ...change }, work)
  }

  /** Stops containers and starts them again. */
  restart(change: Partial<Omit<RestartIntent, 'kind'>> = {}, work?: WorkOptions): Promise<Ran> {
    return this.run({ kind: 'restart', services: [], noDeps: false, ...change }, work)
  }

  /** A plan that `apply` carries out later, here or by `flotilla apply`; plain JSON without secrets. */
  async save(intent: UpIntent = UP): Promise<SavedPlan> {
    return this.#with({}, (project) => savedPlanOf(project, intent))
  }

  /** Carries exactly a saved plan out; throws StackError where it is none, or anything has changed since. */
  async apply(saved: SavedPlan, work: WorkOptions = {}): Promise<Ran> {
    const plan = demandSaved(saved)
    return this.#run(work, (project) => applyRequest(project, plan), plan)
  }

  /** The project's containers, in order of service and number; needs no stack file but for the name. */
  async containers({ all = true }: { all?: boolean } = {}): Promise<Replica[]> {
    return this.#with({}, async (project) => {
      const [name, reader] = await Promise.all([project.existingName(), project.reader()])
      return reader.list(name, { all }, project.signal)
    })
  }

  /** Logs, events, commands in containers and what else is only read. */
  async reader(): Promise<Reader> {
    return this.#with({}, (project) => project.reader())
  }

  /** Starts a command in a container of a service: in the one of that number, else in the first that runs. */
  async exec(service: string, request: ExecRequest, { index, ...work }: WorkOptions & { index?: number } = {}) {
    return this.#with(work, async (project): Promise<Session> => {
      const [{ id }, reader] = await Promise.all([targetOf(project, service, index), project.reader()])
      return reader.exec(id, request, project)
    })
  }

  /** Brings back what crashes, until the signal aborts; throws StackError where the project is guarded already. */
  async guard({ services = [], signal, onMessage, onReady }: GuardRequest): Promise<void> {
    const work = signal ? { signal } : {}
    await this.#with(work, async (project) => {
      const guarded = await guardedStackOf(project, services)
      const say = (text: string) => onMessage(maskSentence(text, project.sensitive))
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

  /** Errors are thrown without secrets, too. */
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
