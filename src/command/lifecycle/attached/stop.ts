import type { Declared } from '../../../backend/backend.ts'
import type { KillIntent, StopIntent } from '../../../backend/intent.ts'
import type { Context } from '../../../cli/context.ts'
import { carryOut, planIntent } from '../../../project/converge.ts'
import { runIntent } from '../../../project/run-intent.ts'

/** The containers to stop: those of services, or only those at certain addresses. Empty: nothing. */
export type Stopping = Pick<StopIntent, 'services' | 'only' | 'timeout'>

/**
 * Stops what an `up` has brought up, in reverse order of need. The next Ctrl-C kills it, and the one after that leaves at once.
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
  // A Ctrl-C while this waits for another command, or for the engine, means: kill.
  const gentle = stop(context, declared, what, impatient).catch((thrown) => {
    if (!impatient.aborted) throw thrown
  })
  await Promise.race([gentle, aborted(impatient)])
  if (!impatient.aborted) return
  const gone = interrupted ? context.host.interrupts.next() : again
  await Promise.race([kill(context, declared, what, gone).then(() => gentle), aborted(gone)])
}

/** Terminals show the key that was pressed. */
function belowKeys({ signal, terminal }: Context): string {
  return signal.aborted && terminal.err.isTTY ? '\n' : ''
}

function stop(context: Context, declared: Declared, what: Stopping, signal: AbortSignal): Promise<unknown> {
  const intent: StopIntent = { kind: 'stop', ...what }
  return runIntent(context.project, { command: 'up', load: async () => ({ declared, intent }), signal, once: true })
}

/** Beside a stop that is still under way and still on display, so that nothing of this shows but that stop's end. */
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
