import type { Context } from '../../../cli/context.ts'
import type { Loaded } from '../../../load/loaded.ts'
import { withDigests } from '../../file/config/digests.ts'
import { runImages } from '../run-images.ts'

/** Pushes the images that are built here, as far as that is possible. Resolves to an exit code. */
export async function pushBuilt(context: Context, { stack: { services } }: Loaded): Promise<number> {
  if (!Object.values(services).some(({ build }) => build)) return 0
  return runImages(context, { kind: 'push', services: [], dependencies: false, ignoreFailures: true }, false)
}

/** The services with their images pinned to the digests that they have now. */
export async function pinnedImages(context: Context, loaded: Loaded): Promise<Record<string, { image: string }>> {
  const { stack } = await withDigests(context, loaded)
  const images = Object.entries(stack.services).map(([name, { image }]) => [name, image] as const)
  return Object.fromEntries(images.flatMap(([name, image]) => (image ? [[name, { image }] as const] : [])))
}
