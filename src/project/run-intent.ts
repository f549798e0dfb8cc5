import type { Declared, PendingObservation } from '../backend/backend.ts'
import type { Intent } from '../backend/intent.ts'
import type { Emit } from '../execute/event.ts'
import { type Converged, converge, type Survey } from './converge.ts'
import { Preparation } from './preparation.ts'
import type { Project } from './project.ts'
import { recordDesiredState } from './record-desired-state.ts'
import { settle, withLock } from './with-lock.ts'

/** A stack, and what the user wants of it. */
export interface Wanted<D extends Declared = Declared> {
  declared: D
  intent: Intent
}

export interface RunRequest<D extends Declared = Declared> {
  /** What others are told who have to wait: `up`. */
  command: string
  /** Called when the engine has been asked for the state of things, or somebody has to be waited for. Throws StackError. */
  load(): Promise<Wanted<D>>
  /** Stands between a plan's events and the listener. */
  filter?(emit: Emit): Emit
  /** Aborts everything; by default the project's signal. */
  signal?: AbortSignal
  /** Aborts the plan that is carried out; by default `signal`. */
  enough?: AbortSignal
  /** What others change meanwhile is left as it is: one plan is carried out, and nothing looked at after that. */
  once?: boolean
  /** Called with each plan before it is carried out; throws to refuse it. */
  confirm?(survey: Survey, declared: D): void
}

/** What became of it. */
export interface Ran<D extends Declared = Declared> extends Converged {
  declared: D
}

/** Carries an intent out while no other command works on the project. */
export function runIntent<D extends Declared>(project: Project, request: RunRequest<D>): Promise<Ran<D>> {
  const loading = new Preparation(request.load)
  return loading.during(request.signal ?? project.signal, (signal) =>
    withLock(project, waitingFor(project, request, signal, loading), async () => {
      await settle(project, { signal, onWait: reportingStops(project, loading) })
      const pending = await startObserve(project, signal)
      const wanted = await loading.result()
      const record = await recordDesiredState(project, request.command, wanted)
      const converged = await record.keptAfter(converge(project, wanted, pending, request))
      return { ...converged, declared: wanted.declared }
    }),
  )
}

/** Begins with the calls to the engine, which are on their way when it resolves: what follows keeps the processor busy. */
async function startObserve(project: Project, signal: AbortSignal): Promise<PendingObservation<unknown>> {
  const pending = (await project.backend()).startObserve(signal)
  await project.clock.sleep(0, signal)
  return pending
}

function waitingFor(
  project: Project,
  { command }: Pick<RunRequest, 'command'>,
  signal: AbortSignal,
  loading: Preparation<unknown>,
) {
  return {
    command,
    signal,
    onWait(holder: { pid: number; command: string } | undefined) {
      loading.begin()
      void project.notify({ kind: 'waiting-for-command', holder })
    },
  }
}

function reportingStops(project: Project, loading: Preparation<unknown>) {
  return (container: string) => {
    loading.begin()
    void project.notify({ kind: 'waiting-for-stop', container })
  }
}
