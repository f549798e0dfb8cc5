import type { Declared, PendingObservation } from '../backend/backend.ts'
import { converge } from './converge.ts'
import { confirmVariables } from './load/confirm-variables.ts'
import { Preparation } from './preparation.ts'
import type { Project } from './project.ts'
import { recordDesiredState } from './record-desired-state.ts'
import type { Ran, RunRequest } from './request.ts'
import { forgetRestores, refuseHalfRestored } from './snapshots/pending-restores.ts'
import { settle, withLock } from './with-lock.ts'

/** Executes an intent while no other command works on the project. */
export function runIntent<D extends Declared>(project: Project, request: RunRequest<D>): Promise<Ran<D>> {
  if (request.lockFree) return runBeside(project, request)
  const loading = new Preparation(request.load)
  return loading.during(request.signal ?? project.signal, (signal) =>
    withLock(project, waitingFor(project, request, signal, loading), async () => {
      await settle(project, { signal, onWait: reportingWork(project, loading) })
      const pending = await startObserve(project, signal)
      const wanted = await loading.result()
      await confirmVariables(project, wanted.intent)
      await refuseHalfRestored(project, wanted.intent)
      const record = await recordDesiredState(project, request.command, wanted)
      const converged = await record.keptAfter(converge(project, wanted, pending, request))
      if (converged.outcome.ok) await forgetRestores(project, wanted.intent)
      return { ...converged, declared: wanted.declared }
    }),
  )
}

/** Executes an intent concurrently with other commands. */
async function runBeside<D extends Declared>(project: Project, request: RunRequest<D>): Promise<Ran<D>> {
  const pending = await startObserve(project, request.signal ?? project.signal)
  const wanted = await request.load()
  await confirmVariables(project, wanted.intent)
  return { ...(await converge(project, wanted, pending, request)), declared: wanted.declared }
}

/** Sends the observation's calls before it resolves, so that they proceed while the following work occupies the CPU. */
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

function reportingWork(project: Project, loading: Preparation<unknown>) {
  return (name: string, work: 'stop' | 'creation' | 'removal') => {
    loading.begin()
    void project.notify({ kind: 'waiting-for-engine', name, work })
  }
}
