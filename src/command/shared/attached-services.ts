import type { UpIntent } from '../../backend/intent.ts'
import type { Context } from '../../cli/context.ts'
import { error, warning } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { AttachFlags } from './attach-flags.ts'
import { selectedServices } from './converge.ts'

/** What an attached `up` has to do with which services. */
export interface AttachedServices {
  /** Once their containers have ended, it ends: the named ones, or all. */
  awaited: ReadonlySet<string>
  /** Whose logs are printed. */
  shown: ReadonlySet<string>
}

/** Throws StackError for services that an `up` cannot attach to; tells of names that mean nothing. */
export async function checkAttached(
  context: Context,
  flags: AttachFlags,
  loaded: Loaded,
  intent: UpIntent,
): Promise<void> {
  const selected = [...selectedServices(loaded, intent)]
  const wrong = [...flags.attach, ...(flags.exitCodeFrom === undefined ? [] : [flags.exitCodeFrom])]
  await context.warn(unknown(wrong, selected).map(({ text, hint }) => error('unknown-service', text, { hint })))
  const idle = unknown(flags.noAttach, loaded.graph.keys)
  await context.warn(idle.map(({ text, hint }) => warning('unknown-service', text, { hint })))
}

export function attachedServices(flags: AttachFlags, loaded: Loaded, intent: UpIntent): AttachedServices {
  const selected = selectedServices(loaded, intent)
  const awaited = intent.services.length > 0 ? new Set(intent.services) : selected
  const willing = [...(flags.attachDependencies ? selected : awaited)].filter(
    (name) => loaded.stack.services[name]?.attach !== false,
  )
  const chosen = flags.attach.length > 0 ? flags.attach : willing
  return { awaited, shown: new Set(chosen.filter((name) => !flags.noAttach.includes(name))) }
}

function unknown(names: readonly string[], known: readonly string[]): { text: string; hint: string }[] {
  return names
    .filter((name) => !known.includes(name))
    .map((name) => ({
      text: `there is no service "${name}" among those that are brought up`,
      hint: didYouMean(name, known) ?? `there are ${[...known].sort().join(', ')}`,
    }))
}
