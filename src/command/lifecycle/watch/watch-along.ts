import type { UpIntent } from '../../../backend/intent.ts'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { selectedServices } from '../../../project/load/checked-stack.ts'
import { declaredRules } from './declared-rules.ts'
import { type WatchOptions, watching } from './watching.ts'

/** A watch in the background. */
export interface Watch {
  /** Resolves once the watch has ended, by itself or because it was stopped. */
  ended: Promise<void>
  stop(): Promise<void>
}

/** Watches the source files of an `up` in the background, and reports why it cannot. */
export function watchAlong(context: Context, intent: UpIntent, options: WatchOptions): Watch {
  const over = new AbortController()
  const signal = AbortSignal.any([context.signal, over.signal])
  const ended = watch(context, intent, options, signal).catch(async (thrown) => {
    if (!(thrown instanceof StackError)) throw thrown
    const view = await context.view()
    view.problems(thrown.diagnostics)
  })
  const stop = () => {
    over.abort()
    return ended
  }
  return { ended, stop }
}

async function watch(context: Context, intent: UpIntent, options: WatchOptions, signal: AbortSignal): Promise<void> {
  const loaded = await context.project.loaded(intent.services, { noDeps: intent.noDeps })
  const rules = await declaredRules(context, loaded, selectedServices(loaded, intent))
  await watching(context, rules, options, signal)
}
