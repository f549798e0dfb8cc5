import type { UpIntent } from '../../../backend/intent.ts'
import type { Context } from '../../../cli/context.ts'
import { error, warning } from '../../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../../diagnostics/suggest.ts'
import type { Loaded } from '../../../load/loaded.ts'
import { selectedServices } from '../../../project/load/checked-stack.ts'
import type { AttachFlags } from './attach-flags.ts'

/** The roles of services in an attached `up`. */
export interface AttachedServices {
  /**
   * The `up` ends once these services' containers have ended: the named ones, or else those whose logs are printed, as in `docker
   * compose`.
   */
  awaited: ReadonlySet<string>
  /** The services whose logs are printed. */
  shown: ReadonlySet<string>
}

/** Throws StackError for services that an `up` cannot attach to; warns about names that have no effect. */
export async function checkAttached(
  context: Context,
  flags: AttachFlags,
  loaded: Loaded,
  intent: UpIntent,
): Promise<void> {
  const selected = [...selectedServices(loaded, intent)]
  const wrong = [...flags.attach, ...(flags.exitCodeFrom === undefined ? [] : [flags.exitCodeFrom])]
  await context.project.warn(unknown(wrong, selected).map(({ text, hint }) => error('unknown-service', text, { hint })))
  const idle = unknown(flags.noAttach, loaded.graph.keys)
  await context.project.warn(idle.map(({ text, hint }) => warning('unknown-service', text, { hint })))
}

export function attachedServices(flags: AttachFlags, loaded: Loaded, intent: UpIntent): AttachedServices {
  const selected = selectedServices(loaded, intent)
  const named = intent.services.length > 0 ? new Set(intent.services) : selected
  const willing = [...(flags.attachDependencies ? selected : named)].filter(
    (name) => loaded.stack.services[name]?.attach !== false,
  )
  const chosen = flags.attach.length > 0 ? flags.attach : willing
  const shown = new Set(chosen.filter((name) => !flags.noAttach.includes(name)))
  return { awaited: intent.services.length > 0 || shown.size === 0 ? named : shown, shown }
}

function unknown(names: readonly string[], known: readonly string[]): { text: string; hint: string }[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      text: `service "${name}" is not one of those that this command brings up`,
      hint: didYouMean(name, known) ?? `there are ${[...known].sort().join(', ')}`,
    }))
}
