import { type Checked, failed } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'
import { ownCommand } from '../diagnostics/own-command.ts'
import { isMapping } from '../util/object.ts'
import { dumpYaml } from '../yaml/dump.ts'
import { parseYaml } from '../yaml/parse.ts'
import { toData } from '../yaml/tree.ts'

/** How packages are installed. `dpkg` and `apk` are those of a distribution, `r` those of R's libraries. */
export const KINDS = ['dpkg', 'apk', 'pip', 'conda', 'r'] as const
export type PackageKind = (typeof KINDS)[number]

/** Versions by name, by kind. Kinds without packages are absent. */
export type Packages = Partial<Record<PackageKind, Record<string, string>>>

/** What is inside the images of a lock, by their keys there. */
export type PackagesLock = Record<string, { content: string; packages: Packages }>

const VERSION = 1
const VERSION_KEY = 'flotilla-packages'
const HEAD = '# Written by flotilla: the packages in the images of the lock file beside it.\n'

/** One package a line, sorted. */
export function packagesText(images: PackagesLock): string {
  const sorted = (all: object, of: (value: never, key: string) => unknown) =>
    new Map(
      Object.keys(all)
        .sort()
        .map((key) => [key, of(all[key as never], key)]),
    )
  const data = sorted(
    images,
    ({ content, packages }: PackagesLock[string]) =>
      new Map<string, unknown>([
        ['content', content],
        ...sorted(packages, (kind: object) => sorted(kind, (version) => version)),
      ]),
  )
  return (
    HEAD +
    dumpYaml(
      new Map<string, unknown>([
        [VERSION_KEY, VERSION],
        ['images', data],
      ]),
    )
  )
}

/** Reads what `packagesText` writes. */
export function readPackagesLock(text: string, file: string): Checked<PackagesLock> {
  const parsed = parseYaml(text, file)
  if (!parsed.ok) return parsed
  const data = toData(parsed.value)
  if (!isMapping(data) || data[VERSION_KEY] !== VERSION || !isMapping(data.images)) {
    const hint = `${ownCommand('lock --update')} writes it again`
    const message = `this is not a list of packages that this version of flotilla reads (${VERSION_KEY}: ${VERSION})`
    return failed(error('lock-invalid', message, { at: parsed.value.at, hint }))
  }
  const images = Object.entries(data.images).flatMap(([key, image]) =>
    isMapping(image) ? [[key, imageIn(image)] as const] : [],
  )
  return { ok: true, value: Object.fromEntries(images), warnings: [] }
}

function imageIn({ content, ...kinds }: Record<string, unknown>): PackagesLock[string] {
  const packages = KINDS.flatMap((kind) => {
    const versions = kinds[kind]
    return isMapping(versions) ? [[kind, textsIn(versions)] as const] : []
  })
  return { content: String(content), packages: Object.fromEntries(packages) }
}

function textsIn(versions: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, String(version)]))
}

/** A package that two images do not share. */
export interface PackageChange {
  kind: PackageKind
  name: string
  /** Versions; absent: the package is new, or gone. */
  from?: string
  to?: string
}

/** Sorted by kind and name. */
export function packageChanges(from: Packages, to: Packages): PackageChange[] {
  return KINDS.flatMap((kind) => {
    const [before, after] = [from[kind] ?? {}, to[kind] ?? {}]
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
    return names.flatMap((name): PackageChange[] => {
      const [was, is] = [own(before, name), own(after, name)]
      if (was === is) return []
      return [{ kind, name, ...(was !== undefined && { from: was }), ...(is !== undefined && { to: is }) }]
    })
  })
}

function own(versions: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(versions, name) ? versions[name] : undefined
}

/** /var/lib/dpkg/status (deb822): installed packages. One that several architectures have is `NAME:ARCHITECTURE`. */
export function dpkgPackages(status: string): Record<string, string> {
  const installed = status.split(/\n\s*\n/).flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(paragraph)?.[1]?.trim()
    const [name, version, state] = [field('Package'), field('Version'), field('Status')]
    const isThere = state === undefined || state.endsWith(' installed')
    return name && version && isThere ? [{ name, version, architecture: field('Architecture') ?? '' }] : []
  })
  const count = new Map<string, number>()
  for (const { name } of installed) count.set(name, (count.get(name) ?? 0) + 1)
  const keyOf = ({ name, architecture }: (typeof installed)[number]) =>
    count.get(name) === 1 ? name : `${name}:${architecture}`
  return Object.fromEntries(installed.map((each) => [keyOf(each), each.version]))
}

/** /lib/apk/db/installed (https://wiki.alpinelinux.org/wiki/Apk_spec): paragraphs of one-letter fields. */
export function apkPackages(database: string): Record<string, string> {
  const installed = database.split(/\n\s*\n/).flatMap((paragraph): [string, string][] => {
    const field = (letter: string) => new RegExp(`^${letter}:(.*)$`, 'm').exec(paragraph)?.[1]?.trim()
    const [name, version] = [field('P'), field('V')]
    return name && version ? [[name, version]] : []
  })
  return Object.fromEntries(installed)
}

export interface ProgramPackages {
  packages: Packages
  /** The interpreters that did not answer. */
  failed: string[]
}

/** The lines of the script in `backend/engine/read/package-script.ts`: kind, name and version with tabs, or `failed` and a program. */
export function programPackages(lines: readonly string[]): ProgramPackages {
  const packages: Packages = {}
  const failed: string[] = []
  for (const line of lines) {
    const [kind = '', name = '', version = ''] = line.trim().split('\t')
    if (kind === 'failed') failed.push(name)
    if (kind === 'pip') put(packages, 'pip', name.toLowerCase().replace(/[-_.]+/g, '-'), version)
    if (kind === 'r') put(packages, 'r', name, version)
    const [, conda = '', ...parts] = kind === 'conda' ? (/^(.+)-([^-]+)-([^-]+)$/.exec(name) ?? []) : []
    if (conda) put(packages, 'conda', conda, parts.join('-'))
  }
  return { packages, failed }
}

/** The first of a name counts: it is the one that is imported. */
function put(packages: Packages, kind: PackageKind, name: string, version: string): void {
  const known = packages[kind] ?? {}
  packages[kind] = known
  if (name && version && !Object.hasOwn(known, name)) known[name] = version
}
