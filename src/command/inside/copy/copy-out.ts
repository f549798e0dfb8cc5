import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unpackTree } from '../../../archive/unpack.ts'
import { capabilityOf } from '../../../backend/capability.ts'
import type { Replica } from '../../../backend/read/containers.ts'
import type { Context } from '../../../cli/context.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { absolute, localDestination } from './local.ts'
import { type Destination, nameIn, placeFor, type Source } from './places.ts'
import { asProblem, uncopied } from './problem.ts'
import { toOutput } from './to-output.ts'

export interface CopyOut {
  path: string
  /** A path on this machine; undefined for an archive on standard output. */
  to: string | undefined
  follow: boolean
}

/** Copies files out of one container. */
export async function copyOut(context: Context, replica: Replica, copy: CopyOut): Promise<void> {
  const reader = await context.project.reader()
  const source = await sourceIn(context, replica, copy)
  const read = () => capabilityOf(reader, 'files').readArchive(replica.id, source.path, context.signal)
  if (copy.to === undefined) return toOutput(context, await read())
  const destination = await localDestination(absolute(context.host.cwd, copy.to))
  const target = await targetOf(source, destination)
  const leftOut = await unpackTree(await read(), target).catch((thrown) => {
    throw asProblem(thrown, target)
  })
  const view = await context.view()
  for (const path of leftOut) view.say(`left out: ${foreign(path)} is not a file, folder or link`)
}

/** The path for the archive's root. Its parent folder exists. */
async function targetOf(source: Source, destination: Destination): Promise<string> {
  const place = placeFor(source, destination)
  if ('problem' in place) throw uncopied(`${destination.path} ${place.problem}`)
  const folder = await stat(place.directory).catch(() => undefined)
  if (!folder?.isDirectory()) throw uncopied(`${place.directory} is not an existing folder`)
  return join(place.directory, place.name)
}

/** With followed links, the copy keeps the link's name. */
async function sourceIn(
  context: Context,
  { id, name }: Replica,
  { path: given, follow }: CopyOut,
): Promise<Source & { path: string }> {
  const reader = await context.project.reader()
  const path = given.startsWith('/') ? given : `/${given}`
  const found = await capabilityOf(reader, 'files').statPath(id, path, context.signal)
  if (!found) throw uncopied(`${name}:${path} does not exist`)
  const source = { name: nameIn(path), path, isDirectory: found.type === 'directory' }
  if (!follow || found.type !== 'symlink' || found.linkTarget === undefined) return source
  const target = await capabilityOf(reader, 'files').statPath(id, found.linkTarget, context.signal)
  if (!target) throw uncopied(`${name}:${path} is a link to ${foreign(found.linkTarget)}, which does not exist`)
  return { ...source, path: found.linkTarget, isDirectory: target.type === 'directory' }
}
