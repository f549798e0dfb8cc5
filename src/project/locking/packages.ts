import { capabilityOf } from '../../backend/capability.ts'
import { unwrap } from '../../diagnostics/checked.ts'
import { warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { readText } from '../../load/file/read.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Lock } from '../../lockfile/model.ts'
import {
  apkPackages,
  dpkgPackages,
  type Packages,
  type PackagesLock,
  programPackages,
  readPackagesLock,
} from '../../lockfile/packages.ts'
import { semaphore } from '../../util/semaphore.ts'
import type { Project } from '../project.ts'
import { usedImages } from './make-lock.ts'

/** `stack.packages.lock` for `stack.lock.yaml`: the packages in the images of a lock file, beside it. */
export function packagesPath(lockPath: string): string {
  return lockPath.endsWith('.lock.yaml')
    ? lockPath.replace(/\.lock\.yaml$/, '.packages.lock')
    : `${lockPath}.packages.lock`
}

/** The packages that belong to a lock file; undefined if there are none. Throws a StackError for a file that cannot be used. */
export function packagesOf({ disk }: Pick<Project, 'disk'>, lockPath: string): PackagesLock | undefined {
  const path = packagesPath(lockPath)
  if (disk.kind(path) === 'missing') return undefined
  return unwrap(readPackagesLock(unwrap(readText(disk, path)), path))
}

/** The packages in each image of a lock. Of an image that is known by its content, nothing is read. */
export async function makePackagesLock(
  project: Project,
  { stack }: Loaded,
  lock: Lock,
  known: PackagesLock = {},
): Promise<PackagesLock> {
  const byContent = new Map(Object.values(known).map(({ content, packages }) => [content, packages]))
  const places = semaphore(AT_ONCE)
  const images = new Map(usedImages(stack).map(({ key, reference }) => [key, reference]))
  const all = Object.entries(lock.images).map(async ([key, { content }]) => {
    const read = () => readPackages(project, { reference: images.get(key) ?? key, content }, stack.name)
    const packages = byContent.get(content) ?? (await places.run(read))
    return [key, { content, packages }] as const
  })
  return Object.fromEntries(await Promise.all(all))
}

const AT_ONCE = 2

const DPKG = ['/var/lib/dpkg/status', '/var/lib/dpkg/status.d']
const APK = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']

async function readPackages(
  project: Project,
  { reference, content }: { reference: string; content: string },
  name: string,
): Promise<Packages> {
  const reader = await project.reader()
  const [packages, look] = [capabilityOf(reader, 'packages'), capabilityOf(reader, 'look')]
  const named = await look.image(reference, project.signal)
  const found = named ?? (await look.imageWithContent(content, project.signal))
  const image = { image: found?.id ?? reference, project: name }
  const files = await packages.files(image, [...DPKG, ...APK], project.signal)
  const programs = programPackages(await packages.lines(image, project.signal))
  if (programs.failed.length > 0) await project.warn([unanswered(reference, programs.failed)])
  const textOf = (paths: readonly string[]) => paths.map((path) => files[path] ?? '').join('\n\n')
  return filled({ dpkg: dpkgPackages(textOf(DPKG)), apk: apkPackages(textOf(APK)), ...programs.packages })
}

function unanswered(reference: string, programs: readonly string[]) {
  const message = `${foreign(programs.join(', '))} in image ${foreign(reference)} did not list its packages`
  return warning('engine-warning', message)
}

function filled(packages: Packages): Packages {
  return Object.fromEntries(Object.entries(packages).filter(([, versions]) => Object.keys(versions).length > 0))
}
