import type { Declared } from '../../backend/backend.ts'
import type { StopIntent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import { execute } from '../../run/execute.ts'
import { carryOut, planFor } from './converge.ts'
import { exclusively } from './exclusive.ts'

/** After Ctrl-C: stops services in reverse order of need. A second Ctrl-C kills them, a third leaves at once. */
export async function stopInterrupted(
  context: Context,
  declared: Declared,
  services: string[],
  timeout: number | undefined,
): Promise<void> {
  const { interrupts } = context.host
  const view = await context.view()
  view.say('\nStopping; press Ctrl-C again to kill')
  const again = interrupts.next()
  const intent: StopIntent = { kind: 'stop', services, ...(timeout !== undefined && { timeout }) }
  // Whoever does not want to wait for another command, or for the engine, presses Ctrl-C: then it is time to kill.
  const gentle = exclusively(
    context,
    'up',
    async () => carryOut(context, await planFor(context, declared, intent, again), again),
    again,
  ).catch((thrown) => {
    if (!again.aborted) throw thrown
  })
  await Promise.race([gentle, aborted(again)])
  if (again.aborted) await kill(context, declared, services, interrupts.next())
  await gentle
}

/** Beside a stop that is still under way and still on display, so that nothing of this shows but the last line. */
async function kill(context: Context, declared: Declared, services: string[], signal: AbortSignal): Promise<void> {
  const backend = await context.backend()
  const plan = await planFor(context, declared, { kind: 'stop', services, timeout: 0 }, signal)
  await execute(plan, backend.perform, { signal, clock: context.terminal.clock, emit() {} })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
