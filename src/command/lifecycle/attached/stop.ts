import type { Declared } from '../../../backend/backend.ts'
import type { KillIntent, StopIntent } from '../../../backend/intent.ts'
import type { Context } from '../../../cli/context.ts'
import { carryOut, planIntent } from '../../../project/converge.ts'
import { runIntent } from '../../../project/run-intent.ts'

/** The containers to stop: those of services, or only those with certain addresses. No services: nothing. */
export type Stopping = Pick<StopIntent, 'services' | 'only' | 'timeout'>

/**
 * Stops the containers of an `up`, dependents first. The next Ctrl-C kills them, and another one returns at once.
 * @param why the message for the user
 * @param again aborts at the second Ctrl-C
 */
export async function stopAgain(
  context: Context,
  { declared, what, why }: { declared: Declared; what: Stopping; why: string },
  again: AbortSignal,
): Promise<void> {
  if (what.services.length === 0) return
  const interrupted = context.signal.aborted
  const view = await context.view()
  const impatient = interrupted ? again : context.signal
  if (!again.aborted) view.say(`${belowKeys(context)}${why}; press Ctrl-C ${interrupted ? 'again ' : ''}to kill`)
  // A Ctrl-C during a wait for another command or for the engine means: kill.
  const gentle = stop(context, declared, what, impatient).catch((thrown) => {
    if (!impatient.aborted) throw thrown
  })
  await Promise.race([gentle, aborted(impatient)])
  if (!impatient.aborted) return
  const gone = interrupted ? context.host.interrupts.next() : again
  await Promise.race([kill(context, declared, what, gone).then(() => gentle), aborted(gone)])
}

/** Adds a line break, since terminals echo the pressed key (`^C`). */
function belowKeys({ signal, terminal }: Context): string {
  return signal.aborted && terminal.err.isTTY ? '\n' : ''
}

function stop(context: Context, declared: Declared, what: Stopping, signal: AbortSignal): Promise<unknown> {
  const intent: StopIntent = { kind: 'stop', ...what }
  return runIntent(context.project, { command: 'up', load: async () => ({ declared, intent }), signal, once: true })
}

/** Kills while the stop is still running and displayed, so only the end of that stop is shown. */
async function kill({ project }: Context, declared: Declared, what: Stopping, signal: AbortSignal): Promise<void> {
  const { timeout: _grace, ...targets } = what
  const intent: KillIntent = { kind: 'kill', ...targets, signal: 'SIGKILL', removeOrphans: false }
  const { plan, warnings } = await planIntent(project, { declared, intent }, signal)
  await project.warn(warnings)
  await carryOut(project, plan, { signal, emit() {} })
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
