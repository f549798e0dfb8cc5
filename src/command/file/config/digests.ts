import { capabilityOf } from '../../../backend/capability.ts'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../../load/loaded.ts'
import type { Service } from '../../../stack/model.ts'

/** The stack with every image pinned to its current digest in the registry. Throws a StackError for each image without one. */
export async function withDigests(context: Context, loaded: Loaded): Promise<Loaded> {
  const isService = (name: string) => Object.hasOwn(loaded.stack.services, name)
  const named = Object.values(loaded.stack.services).flatMap((service) => imagesOf(service, isService))
  const images = [...new Set(named)]
  const pinned = new Map(await pinAll(context, images.filter(isOpen)))
  const services = Object.entries(loaded.stack.services).map(([name, service]) => [name, withImages(service, pinned)])
  return { ...loaded, stack: { ...loaded.stack, services: Object.fromEntries(services) } }
}

/** Only the pinned images, for an override file that locks them. */
export function imagesOnly(loaded: Loaded): Record<string, Pick<Service, 'image' | 'volumes'>> {
  const services = Object.entries(loaded.stack.services).flatMap(([name, { image, volumes = [] }]) => {
    const mounts = volumes.filter(({ type }) => type === 'image')
    if (image === undefined && mounts.length === 0) return []
    return [[name, { ...(image && { image }), ...(mounts.length > 0 && { volumes: mounts }) }] as const]
  })
  return Object.fromEntries(services)
}

/** A service's own image, and the images that it mounts; a mount may name another service's image. */
function imagesOf({ image, volumes = [] }: Service, isService: (name: string) => boolean): string[] {
  const mounted = volumes.flatMap(({ type, source }) =>
    type === 'image' && source && !isService(source) ? [source] : [],
  )
  return [...(image ? [image] : []), ...mounted]
}

function isOpen(image: string): boolean {
  return !image.includes('@')
}

async function pinAll(context: Context, images: readonly string[]): Promise<[string, string][]> {
  if (images.length === 0) return []
  const reader = await context.project.reader()
  const results = await Promise.allSettled(
    images.map((image) => capabilityOf(reader, 'images').digestOf(image, context.signal)),
  )
  const problems = results.flatMap((result): Diagnostic[] => {
    if (result.status === 'fulfilled') return []
    if (result.reason instanceof StackError) return [...result.reason.diagnostics]
    throw result.reason
  })
  if (problems.length > 0) throw new StackError(problems)
  return results.flatMap((result, index): [string, string][] => {
    const image = images[index] ?? ''
    return result.status === 'fulfilled' ? [[image, `${inFull(image)}@${result.value}`]] : []
  })
}

/** The full reference, as `docker compose` writes it: `nginx` becomes `docker.io/library/nginx:latest`. */
function inFull(image: string): string {
  const [first = ''] = image.split('/')
  const isHost = image.includes('/') && (/[.:]/.test(first) || first === 'localhost')
  const full = isHost ? image : `docker.io/${image.includes('/') ? '' : 'library/'}${image}`
  return full.lastIndexOf(':') > full.lastIndexOf('/') ? full : `${full}:latest`
}

function withImages(service: Service, pinned: ReadonlyMap<string, string>): Service {
  const { image, volumes } = service
  return {
    ...service,
    ...(image !== undefined && { image: pinned.get(image) ?? image }),
    ...(volumes && {
      volumes: volumes.map((mount) =>
        mount.type === 'image' && mount.source ? { ...mount, source: pinned.get(mount.source) ?? mount.source } : mount,
      ),
    }),
  }
}
