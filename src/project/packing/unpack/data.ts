import type { HeldVolume, HolderPlace, MarkedVolume, NewVolume, Transfer } from '../../../backend/transfer.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { PackedDump, VerifiedPack } from '../../../pack/types.ts'
import type { Mount, Stack } from '../../../stack/model.ts'
import { imageName } from '../../../stack/names.ts'
import type { Project } from '../../project.ts'
import { checkServers } from './check-servers.ts'
import type { ImageIds } from './images.ts'

/** A project whose volumes are filled from a pack. */
export interface Filling {
  project: Project
  stack: Stack
  pack: VerifiedPack
  transfer: Transfer
  imageIds: ImageIds
  say(text: string): void
}

/** The volumes that are held so far, by name: half filled for everybody else until they are released. */
export type Held = Map<string, MarkedVolume>

/** Creates and fills the volumes of the pack. */
export async function fillVolumes(filling: Filling, held: Held): Promise<void> {
  const { pack, project, say } = filling
  for (const packed of pack.index.volumes) {
    const volume = await holdVolume(filling, packed.name, held)
    await volume.fill(pack.content(packed.path), project.signal)
    say(`Filled volume ${packed.name}`)
  }
}

async function holdVolume(filling: Filling, key: string, held: Held): Promise<HeldVolume> {
  const { project, stack, transfer } = filling
  const volume = volumeOf(stack, key)
  const made = await transfer.volumes.hold(volume, placeFor(filling, key), project.signal)
  held.set(volume.name, made)
  return made
}

function placeFor(filling: Filling, key: string): HolderPlace {
  return { project: filling.stack.name, image: someImage(filling, key) }
}

/** As the stack declares it. The options that the pack names are those of another machine, and nobody has read them: they are not used. */
function volumeOf(stack: Stack, key: string): NewVolume {
  const declared = stack.volumes[key]
  if (!declared)
    throw new StackError([error('unpack-failed', `the stack file of the pack declares no volume "${key}"`)])
  const { driver, driver_opts: options } = declared
  return {
    name: declared.name,
    labels: declared.labels ?? {},
    ...(!declared.external && { key }),
    ...(driver !== undefined && { driver }),
    ...(options && { options }),
  }
}

type Images = Pick<Filling, 'pack' | 'stack' | 'imageIds'>

/** An image for the container through which a volume is filled: of a service that uses the volume, or any of the pack or the stack. */
function someImage({ pack: { index }, stack: { services }, imageIds }: Images, key: string): string {
  const users = Object.entries(services).filter(([, { volumes = [] }]) => volumes.some(({ source }) => source === key))
  const of = (names: readonly string[]) =>
    index.images.find((image) => image.services.some((each) => names.includes(each)))
  const image = of(users.map(([name]) => name)) ?? index.images[0]
  const named = imageIds.get(image?.contentId ?? '') ?? users.map(([, service]) => service.image).find(Boolean)
  if (named === undefined)
    throw new StackError([error('unpack-failed', `no image is known through which volume "${key}" could be filled`)])
  return named
}

/**
 * The volumes of database servers are marked before these start, which create them with what they record of their first start. So a server
 * never starts on data that exist already. Other external volumes are used as they are.
 */
export async function markForDumps(filling: Filling, held: Held): Promise<void> {
  const { stack, transfer, project } = filling
  const homes = new Set((await homesOfDumps(filling)).map(({ source }) => source))
  for (const key of keysOfDumps(filling)) {
    const volume = stack.volumes[key]
    if (!volume || held.has(volume.name) || (volume.external && !homes.has(key))) continue
    const marked = volume.external
      ? await holdVolume(filling, key, held)
      : await transfer.volumes.mark(volume.name, placeFor(filling, key), project.signal)
    held.set(volume.name, marked)
  }
}

/** The keys of the named volumes that the servers use. */
function keysOfDumps({ stack, pack }: Pick<Filling, 'stack' | 'pack'>): string[] {
  const mounts = servicesOf(pack.index.dumps).flatMap((name) => stack.services[name]?.volumes ?? [])
  return [...new Set(mounts.flatMap(({ type, source }) => (type === 'volume' && source ? [source] : [])))]
}

/** The mounts in which the servers keep their data. Throws a StackError if one keeps none, or is no such server. */
export async function homesOfDumps(filling: Filling): Promise<Mount[]> {
  const { stack, pack, transfer, imageIds, project } = filling
  const configOf = async (name: string) => {
    // An image that is declared by its digest has no name after it was loaded.
    const packed = pack.index.images.find(({ services }) => services.includes(name))
    const id = imageIds.get(packed?.contentId ?? '')
    const named = await transfer.images.find(imageName(stack, name, stack.services[name] ?? {}), project.signal)
    const found = named ?? (id === undefined ? undefined : await transfer.images.find(id, project.signal))
    return found?.config ?? {}
  }
  return (await checkServers({ stack, index: pack.index, dumps: transfer.dumps, configOf })).flat()
}

export function servicesOf(dumps: readonly PackedDump[]): string[] {
  return [...new Set(dumps.map(({ service }) => service))].sort()
}
