import { type Diagnostic, warning } from '../../../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../../../diagnostics/own-command.ts'
import type { FieldChange } from '../../../../plan/step.ts'
import type { Service } from '../../../../stack/model.ts'
import { OURS } from '../../../docker/labels.ts'
import { FAMILIES, familyOf, holdsData } from '../../database/family.ts'
import { dataHomes, isPlaced } from '../../database/store.ts'
import type { Slot } from '../../observe/slots.ts'
import { serviceIn } from '../context.ts'
import type { UpContext } from '../types.ts'
import { remedyFor } from './initials.ts'

/** Notes a new database without a named volume: `down` deletes its data. */
export function noteUnkept(context: UpContext, { service: name }: Slot): void {
  const service = serviceIn(context, name)
  const homes = dataHomes(service)
  const [home] = homes
  if (home === undefined || isPlaced(service, homes)) return
  const at = context.declared.spanOf(`services.${name}.image`)
  const hint = `volumes: ["${name}-data:${home}"] keeps it, with ${name}-data: under the top-level volumes:`
  const text = `${name}: its data is in no named volume and does not survive ${ownCommand('down')}`
  context.builder.note(warning('data-unkept', text, { at, hint }))
}

/**
 * Notes changed variables of a recreated database that have no effect on existing data. If the volume has a record of
 * its initialisation, initials.ts reports them instead.
 */
export function noteOutdated(
  context: UpContext,
  slot: Slot,
  changes: readonly FieldChange[],
  labels: Readonly<Record<string, string>> = {},
): void {
  const service = serviceIn(context, slot.service)
  const mounts = (slot.current?.mounts ?? []).filter(({ readOnly }) => !readOnly)
  const targets = mounts.map(({ target }) => target)
  const family = familyOf(service, targets)
  if (OURS.changedInitials in labels || !family || context.intent.renewAnonymousVolumes) return
  if (!targets.some((target) => holdsData(family, service, target))) return
  for (const name of FAMILIES[family].initial)
    if (changes.some(({ path }) => path === `environment.${name}` || isFileOf(service, name, path)))
      context.builder.note(outdated(context, slot.service, name))
}

/** Whether a path is that of the secret or config in the variable `NAME_FILE`. */
function isFileOf({ environment = {} }: Service, name: string, path: string): boolean {
  const file = environment[`${name}_FILE`]
  const [kind, source] = path.split('.')
  return (kind === 'secrets' || kind === 'configs') && source !== undefined && file?.split('/').at(-1) === source
}

function outdated({ declared }: UpContext, service: string, name: string): Diagnostic {
  const at = declared.spanOf(`services.${service}.environment.${name}`)
  const text = `${service}: ${name} changed, but only counts while there is no data`
  const hint = `${remedyFor(name)} if you have not done so, or start with new data`
  return warning('database-initialised', text, { at, hint })
}
