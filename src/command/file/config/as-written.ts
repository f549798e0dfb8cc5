import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { warning } from '../../../diagnostics/diagnostic.ts'
import type { LoadOptions } from '../../../load/input.ts'
import type { Uninterpolated } from '../../../load/load-uninterpolated.ts'

/** The merged files without interpolation. Named services are not selected here: their dependencies are only known with all variables. */
export async function loadedAsWritten(
  context: Context,
  options: LoadOptions,
  named: readonly string[],
): Promise<Uninterpolated> {
  const [{ input }, { loadUninterpolated }] = await Promise.all([
    context.project.files(),
    import('../../../load/load-uninterpolated.ts'),
  ])
  const { fetched, disk } = context.project
  const result = await fetched.whole(() => loadUninterpolated({ ...input, options }, disk))
  if (!result.ok) throw new StackError(result.diagnostics)
  if (named.length > 0) await context.project.warn([allShown(named)])
  await context.project.warn(result.warnings)
  return result.value
}

function allShown(named: readonly string[]) {
  const hint = 'remove the names, or --no-interpolate'
  return warning('usage', `everything is printed, not only ${named.join(', ')}`, { hint })
}
