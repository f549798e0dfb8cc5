import type { Context } from '../../cli/context.ts'

/**
 * Runs what changes a project while no other flotilla command does, and after the engine has finished what a killed one had asked
 * for. Who has to wait is told for whom.
 */
export async function exclusively<T>(
  context: Context,
  command: string,
  work: () => Promise<T>,
  signal: AbortSignal = context.signal,
): Promise<T> {
  const [project, view] = await Promise.all([context.projectName(), context.view()])
  const release = await context.host.lock(project, command, {
    signal,
    onWait: (holder) =>
      view.say(`Waiting for ${holder ? `flotilla ${holder.command} (process ${holder.pid})` : 'another flotilla'}`),
  })
  try {
    const backend = await context.backend()
    const { clock } = context.terminal
    await backend.settle({
      signal,
      clock,
      onWait: (name) => view.say(`Waiting for ${name}, which an earlier command is stopping`),
    })
    return await work()
  } finally {
    await release()
  }
}
