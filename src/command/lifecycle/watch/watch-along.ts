import type { UpIntent } from '../../../backend/intent.ts'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { selectedServices } from '../../../project/load/checked-stack.ts'
import { declaredRules } from './declared-rules.ts'
import { type WatchOptions, watching } from './watching.ts'

/** Watches the source files of an `up` in the background. Call the result to end it. */
export async function watchAlong(
  context: Context,
  intent: UpIntent,
  options: WatchOptions,
): Promise<() => Promise<void>> {
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  const watched = watch(context, intent, options, signal).catch(async (thrown) => {
    if (!(thrown instanceof StackError)) throw thrown
    const view = await context.view()
    view.problems(thrown.diagnostics)
  })
  return () => {
    over.abort()
    return watched
  }
}

async function watch(context: Context, intent: UpIntent, options: WatchOptions, signal: AbortSignal): Promise<void> {
  const loaded = await context.project.loaded(intent.services, { noDeps: intent.noDeps })
  const rules = await declaredRules(context, loaded, selectedServices(loaded, intent))
  await watching(context, rules, options, signal)
}
