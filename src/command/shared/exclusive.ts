import type { PendingObservation } from '../../backend/backend.ts'
import type { Context } from '../../cli/context.ts'

/**
 * Runs what changes a project while no other flotilla command does, and after the engine has finished what a killed one had asked
 * for. Who has to wait is told for whom; `onWait` hears that there is something to wait for.
 */
export async function exclusively<T>(
  context: Context,
  command: string,
  work: () => Promise<T>,
  signal: AbortSignal = context.signal,
  onWait: () => void = () => undefined,
): Promise<T> {
  const tell = async (text: string) => {
    onWait()
    ;(await context.view()).say(text)
  }
  const release = await context.host.lock(await context.projectName(), command, {
    signal,
    onWait: (holder) =>
      void tell(`Waiting for ${holder ? `flotilla ${holder.command} (process ${holder.pid})` : 'another flotilla'}`),
  })
  try {
    const backend = await context.backend()
    await backend.settle({
      signal,
      clock: context.terminal.clock,
      onWait: (name) => void tell(`Waiting for ${name}, which an earlier command is stopping`),
    })
    return await work()
  } finally {
    await release()
  }
}

/**
 * The same for work on what has to be prepared first, such as a stack that is read: the engine is asked what there is while that goes
 * on. A failure to prepare is told before any other, and nobody is waited for because of it.
 */
export async function preparedExclusively<P, T>(
  context: Context,
  command: string,
  prepare: () => Promise<P>,
  work: (prepared: P, pending: PendingObservation<unknown>) => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  let go: () => void = () => undefined
  const prepared = new Promise<void>((resolve) => {
    go = resolve
  }).then(prepare)
  const turn = exclusively(context, command, () => atOnce(context, signal, go, prepared, work), signal, go)
  turn.then(go, go)
  try {
    await prepared
  } catch (thrown) {
    over.abort()
    await turn.catch(() => undefined)
    throw thrown
  }
  return turn
}

async function atOnce<P, T>(
  context: Context,
  signal: AbortSignal,
  go: () => void,
  prepared: Promise<P>,
  work: (prepared: P, pending: PendingObservation<unknown>) => Promise<T>,
): Promise<T> {
  const pending = (await context.backend()).startObserve(signal)
  // Preparing keeps the processor busy: the calls have to be on their way before it begins.
  await context.terminal.clock.sleep(0, signal)
  go()
  return work(await prepared, pending)
}
