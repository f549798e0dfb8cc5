import { type Diagnostic, error } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../../diagnostics/own-command.ts'
import { imageName } from '../../../../stack/names.ts'
import type { UpContext } from '../types.ts'

/** Whether a lock file allows one content only. */
export function isStrict({ intent: { locked } }: UpContext, reference: string): boolean {
  return locked?.strict === true && locked.images[reference] !== undefined
}

/** A build would make another image, even from the same sources. */
export function refuseBuild({ declared, problems }: UpContext, name: string, reference: string): void {
  const at = declared.spanOf(`services.${name}.build`)
  const hint = `load or pull it; or build it, and ${ownCommand('lock --update')} locks what was built`
  problems.push(error('lock-differs', `the locked image "${reference}" is not on this engine`, { at, hint }))
}

/** The problems of names that stand for other images than the locked ones, which are not on this engine. */
export function lockProblems({ declared: { stack, spanOf }, observed, intent, selection }: UpContext): Diagnostic[] {
  if (!intent.locked?.strict) return []
  return Object.entries(observed.locked ?? {}).flatMap(([reference, { id, other }]) => {
    if (id !== undefined || other === undefined) return []
    const user = selection.find((name) => imageName(stack, name, stack.services[name] ?? {}) === reference)
    const at = spanOf(`services.${user}.image`)
    const message = `image "${reference}" has another content than the locked one: ${other} instead of ${intent.locked?.images[reference]}`
    return [error('lock-differs', message, { at, hint: `${ownCommand('lock --update')} locks the one that is there` })]
  })
}
