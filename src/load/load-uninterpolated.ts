import { type Checked, failed } from '../diagnostics/checked.ts'
import { isError } from '../diagnostics/diagnostic.ts'
import type { MapNode } from '../yaml/tree.ts'
import { checkResources } from './check/resources.ts'
import type { Disk } from './file/disk.ts'
import type { LoadInput } from './input.ts'
import { loadModel } from './load.ts'
import { withDefaults } from './model/defaults.ts'
import { openContext } from './open-context.ts'
import { UNINTERPOLATED_FORM } from './print/uninterpolated/form.ts'
import { reported } from './report.ts'
import { withEntries } from './tree/nodes.ts'

export interface Uninterpolated {
  tree: MapNode
  /** Texts of the files read. */
  sources: ReadonlyMap<string, string>
}

/**
 * Loads stack files into one tree, like `load`, but without interpolation: merged, with long syntaxes and names, but without
 * conversion, environment lookups or reference checks. Contains services of all profiles.
 */
export function loadUninterpolated(input: LoadInput, disk: Disk): Checked<Uninterpolated> {
  const { context, name } = openContext(input, disk, UNINTERPOLATED_FORM)
  const { files, findings, options } = context
  const model = loadModel(input.files, context)
  if (model) findings.add({ diagnostics: checkResources(model, true) })
  const diagnostics = reported(findings.diagnostics, input, context)
  if (!model || diagnostics.some(isError)) return failed(...diagnostics)
  const tree = options.normalize !== false ? withDefaults(model, name) : withEntries(model, { version: undefined })
  return { ok: true, value: { tree, sources: files.texts }, warnings: diagnostics }
}
