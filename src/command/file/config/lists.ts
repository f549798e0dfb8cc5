import type { Context } from '../../../cli/context.ts'
import type { Loaded } from '../../../load/loaded.ts'
import { modelNames } from '../../../load/print/models.ts'
import { usedResources } from '../../../load/print/used-resources.ts'
import { imageName } from '../../../stack/names.ts'
import type { ConfigFlags } from './flags.ts'

/** The lines for the list that a flag requests, if any; the precedence between several flags is that of `docker compose`. */
export function listOf(
  loaded: Loaded,
  flags: ConfigFlags,
  { globals }: Pick<Context, 'globals'>,
): readonly string[] | undefined {
  const { stack, graph } = loaded
  const services = Object.entries(stack.services)
  const used = usedResources(stack)
  const chosen = (all: Record<string, unknown>, names: ReadonlySet<string>) =>
    Object.keys(all).filter((name) => globals.allResources || names.has(name))
  if (flags.services) return graph.order()
  if (flags.volumes) return chosen(stack.volumes, used.volumes).sort()
  if (flags.networks) return chosen(stack.networks, used.networks).sort()
  if (flags.models) return modelNames(loaded, globals.allResources)
  if (flags.profiles) return profilesIn(loaded)
  return flags.images ? services.map(([name, service]) => imageName(stack, name, service)).sort() : undefined
}

function profilesIn({ stack }: Loaded): string[] {
  const all = [...Object.values(stack.services), ...Object.values(stack.inactive)]
  return [...new Set(all.flatMap(({ profiles }) => profiles ?? []))].sort()
}
