import type { Context } from '../../cli/context.ts'

/** Resolves once no other command works on the project: what one has stopped it may be about to start again. */
export async function atRest(context: Context, command: string, signal: AbortSignal): Promise<void> {
  const release = await context.host.lock(await context.projectName(), command, { signal, onWait: () => undefined })
  await release()
}
