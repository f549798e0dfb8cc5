import { packTree } from '../../../archive/pack.ts'
import { capabilityOf } from '../../../backend/capability.ts'
import type { Replica } from '../../../backend/read/containers.ts'
import type { Context } from '../../../cli/context.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { ownCommand } from '../../../diagnostics/own-command.ts'
import { absolute, localSource } from './local.ts'
import { type Destination, placeFor } from './places.ts'
import { uncopied } from './problem.ts'

export interface CopyIn {
  /** A path on this machine; undefined for an archive on standard input. */
  from: string | undefined
  path: string
  follow: boolean
  /** The container's user owns all copied files. */
  asUser: boolean
}

/** Copies files into one container. */
export async function copyIn(context: Context, replica: Replica, copy: CopyIn): Promise<void> {
  const reader = await context.project.reader()
  const destination = await destinationIn(context, replica, copy.path)
  const { directory, archive } =
    copy.from === undefined
      ? fromInput(context, replica, destination)
      : await fromFiles(context, replica, { ...copy, from: absolute(context.host.cwd, copy.from) }, destination)
  await capabilityOf(reader, 'files').writeArchive(
    replica.id,
    directory,
    archive,
    { asUser: copy.asUser },
    context.signal,
  )
}

interface Sent {
  directory: string
  archive: AsyncIterable<Uint8Array>
}

function fromInput(context: Context, { name }: Replica, { path, there }: Destination): Sent {
  if (there !== 'directory')
    throw uncopied(`${name}:${path} is not an existing folder, which an archive needs to be unpacked in`)
  return { directory: path, archive: context.host.console.input(context.signal) }
}

async function fromFiles(
  context: Context,
  replica: Replica,
  { from, follow }: CopyIn & { from: string },
  destination: Destination,
): Promise<Sent> {
  const source = await localSource(from, follow)
  const place = placeFor(source, destination)
  if ('problem' in place) throw uncopied(`${replica.name}:${destination.path} ${place.problem}`)
  if (destination.there === undefined) await checkFolder(context, replica, place.directory)
  const onLeftOut = (path: string) => void leftOut(context, path)
  return { directory: place.directory, archive: packTree(from, { name: place.name, follow: source.follow, onLeftOut }) }
}

async function leftOut(context: Context, path: string): Promise<void> {
  const view = await context.view()
  view.say(`left out: ${foreign(path)} is not a file, folder or link`)
}

/** Checks beforehand: the engine gives no reason if it refuses in the middle of an upload. */
async function checkFolder(context: Context, { id, name }: Replica, folder: string): Promise<void> {
  const reader = await context.project.reader()
  const there = await capabilityOf(reader, 'files').statPath(id, `${folder}/.`, context.signal)
  if (!there)
    throw uncopied(`${name}:${folder} is not an existing folder`, ownCommand(`exec SERVICE mkdir -p ${folder}`))
}

/** The destination with links followed to their end, as the engine does. */
async function destinationIn(context: Context, { id }: Replica, given: string): Promise<Destination> {
  const reader = await context.project.reader()
  const path = given.startsWith('/') ? given : `/${given}`
  const first = await capabilityOf(reader, 'files').statPath(id, path, context.signal)
  if (first?.type !== 'symlink') return { path, there: first && (first.type === 'directory' ? 'directory' : 'other') }
  const target = first.linkTarget ?? path
  const there = await capabilityOf(reader, 'files').statPath(id, target, context.signal)
  return { path: target, there: there && (there.type === 'directory' ? 'directory' : 'other') }
}
