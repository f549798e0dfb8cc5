import { join } from 'node:path'
import { capabilityOf } from '../../backend/capability.ts'
import type { Transfer } from '../../backend/transfer.ts'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { didYouMean } from '../../diagnostics/suggest.ts'
import { readQuietly } from '../../load/file/disk.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { PackSource } from '../../pack/types.ts'
import type { Project } from '../project.ts'
import { type Data, dataOf } from './data.ts'
import { packedFiles, stackFilesOf } from './files.ts'
import { anyImage, type FoundImages, imagesOf } from './images.ts'
import { lockFor } from './lock.ts'
import { rootsOf } from './roots.ts'
import { refuseSecretsIn, secretsOf } from './secrets.ts'
import { walk } from './walk.ts'

export interface PackRequest {
  /** All, if none is named. */
  services: readonly string[]
  images: boolean
  /** Volumes of databases as they are, instead of dumps. */
  physical: boolean
  /** Flotilla's own. */
  version: string
}

export interface PlannedSize {
  what: 'files' | 'images' | 'volume' | 'database'
  name?: string
  /** Uncompressed; absent if it is not known before it is read. */
  bytes?: number
}

export interface PlannedPack {
  sizes: PlannedSize[]
  warnings: string[]
  /** Reads the files once, for secrets, and gives all that is to be packed. */
  source(): Promise<PackSource>
}

/** Finds out what a pack of the stack holds, without reading any of it. */
export async function planPack(project: Project, loaded: Loaded, request: PackRequest): Promise<PlannedPack> {
  const services = chosenServices(loaded, request.services)
  const found = await rootsOf(project, loaded, services)
  refuseSecretsIn(loaded, found.envs)
  const stackFiles = await stackFilesOf(project, loaded)
  const transfer = capabilityOf(await project.reader(), 'transfer')
  const { stack } = loaded
  const lock = await lockFor(project, loaded, {
    ...request,
    chosen: request.services.length > 0 ? services : undefined,
  })
  const images = request.images ? await imagesOf(transfer.images, { stack, services }, project.signal) : undefined
  const replicas = await (await project.reader()).list(stack.name, { all: true }, project.signal)
  const place = { transfer, stack, services, replicas, signal: project.signal }
  const data = await dataOf({
    ...place,
    physical: request.physical,
    image: images?.any ?? (await anyImage(transfer.images, stack, project.signal)),
  })
  const roots = { ...found, replaced: data.replaced }
  const walked = await walk(stack.origin.workingDir, roots, project.signal)
  const bytes = [...walked.files, ...walked.odd].reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size : 0), 0)
  return {
    sizes: [{ what: 'files', bytes }, ...sizesOf(data, images)],
    warnings: data.warnings,
    async source() {
      await refuseHalfFilled(transfer, data, project)
      const files = await packedFiles(project, loaded, { walked, roots })
      const platform = images?.platform ?? (await transfer.images.platform(project.signal))
      const leftOut = [...partial(loaded, request, services), ...data.leftOut, ...walked.leftOut, ...files.leftOut]
      return {
        name: stack.name,
        about: {
          services: [...services].sort(),
          stackFiles,
          platform,
          leftOut,
          secrets: await secretsOf(project, loaded),
          software: `flotilla ${request.version}`,
          ...citationOf(project, stack.origin.workingDir),
        },
        files: [...files.sources, ...lock],
        ...(images && { images: images.source }),
        volumes: data.volumes.map(({ engineName: _, ...volume }) => volume),
        dumps: data.dumps,
      }
    },
  }
}

/** Removes what killed packs left, too: containers through which they read volumes. */
async function refuseHalfFilled(transfer: Transfer, { volumes }: Data, project: Project): Promise<void> {
  const { halfFilled } = await transfer.volumes.clear(project.stack?.name ?? '', { halfFilled: false }, project.signal)
  const wrong = volumes.filter(({ engineName }) => halfFilled.includes(engineName))
  if (wrong.length === 0) return
  const hint = 'unpack the other pack again, which begins anew'
  throw new StackError(
    wrong.map(({ name }) =>
      error('half-unpacked', `volume "${name}" holds only a part of what a pack has for it`, { hint }),
    ),
  )
}

function chosenServices({ stack, graph }: Loaded, named: readonly string[]): Set<string> {
  const unknown = named.filter((name) => !Object.hasOwn(stack.services, name))
  if (unknown.length > 0) {
    throw new StackError(
      unknown.map((name) =>
        error('unknown-service', `unknown service "${name}"`, { hint: didYouMean(name, graph.keys) }),
      ),
    )
  }
  return new Set(named.length > 0 ? named : Object.keys(stack.services))
}

function partial({ stack }: Loaded, { images }: PackRequest, services: ReadonlySet<string>): string[] {
  const others = Object.keys(stack.services).filter((name) => !services.has(name))
  return [
    ...(images ? [] : ['the images']),
    ...(others.length > 0 ? [`the data and images of ${others.sort().join(', ')}`] : []),
  ]
}

function sizesOf({ volumes, dumps }: Data, images: FoundImages | undefined): PlannedSize[] {
  return [
    ...(images?.source.size !== undefined ? [{ what: 'images' as const, bytes: images.source.size }] : []),
    ...volumes.map(({ name, size }) => ({ what: 'volume' as const, name, ...(size !== undefined && { bytes: size }) })),
    ...dumps.map(({ service }) => ({ what: 'database' as const, name: service })),
  ]
}

function citationOf({ disk }: Project, directory: string): { citation?: string } {
  const bytes = readQuietly(disk, join(directory, 'CITATION.cff'))
  return bytes ? { citation: new TextDecoder().decode(bytes) } : {}
}
