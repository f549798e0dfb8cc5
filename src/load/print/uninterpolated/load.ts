import { type Checked, failed } from '../../../diagnostics/checked.ts'
import { isError } from '../../../diagnostics/diagnostic.ts'
import type { MapNode } from '../../../yaml/tree.ts'
import { checkResources } from '../../check/resources.ts'
import type { Disk } from '../../file/disk.ts'
import type { LoadInput } from '../../loaded.ts'
import { newJournal } from '../../merge/context.ts'
import { loadModel } from '../../merge/model.ts'
import { withDefaults } from '../../model/defaults.ts'
import { openScope } from '../../open-context.ts'
import { told } from '../../report.ts'
import { withEntries } from '../../tree/nodes.ts'
import { FORM_AS_WRITTEN } from './form.ts'

export interface AsWritten {
  tree: MapNode
  /** Texts of the files read. */
  sources: ReadonlyMap<string, string>
}

/**
 * From stack files to one tree, as `load`, with every variable as it stands: merged, with long syntaxes and names, but nothing
 * converted, resolved from the environment or checked for what it refers to. Services of all profiles are there.
 */
export function loadAsWritten(input: LoadInput, disk: Disk): Checked<AsWritten> {
  const journal = newJournal()
  const { scope, name } = openScope(input, disk, journal, FORM_AS_WRITTEN)
  const model = loadModel(input.files, scope)
  if (model) journal.diagnostics.push(...checkResources(model, true))
  const diagnostics = told(journal.diagnostics, input, journal, scope.variables)
  if (!model || diagnostics.some(isError)) return failed(...diagnostics)
  const normalize = input.options?.normalize !== false
  const tree = normalize ? withDefaults(model, name) : withEntries(model, { version: undefined })
  return { ok: true, value: { tree, sources: journal.texts }, warnings: diagnostics }
}
