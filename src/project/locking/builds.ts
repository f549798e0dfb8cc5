import { createHash } from 'node:crypto'
import { join, relative, resolve } from 'node:path'
import { PatternError, parseIgnore } from '../../archive/ignore.ts'
import { type Disk, readQuietly } from '../../load/file/disk.ts'
import type { Loaded } from '../../load/loaded.ts'
import { substitute } from '../../load/variable/substitute.ts'
import type { NotedBuild } from '../../lockfile/model.ts'
import { portableBuild } from '../../lockfile/portable.ts'
import type { Build } from '../../stack/model.ts'
import type { Sensitive } from '../../stack/sensitive.ts'
import type { Project } from '../project.ts'
import { filesBelow, hashOf } from './files.ts'

/** What the builds of a stack start from, by service. The lock pins their results; this says where they come from. */
export async function notedBuilds(
  { stack, sensitive }: Loaded,
  { disk, signal }: Pick<Project, 'disk' | 'signal'>,
): Promise<Record<string, NotedBuild>> {
  const builds = Object.entries(stack.services).flatMap(([name, { build }]) => (build ? [[name, build] as const] : []))
  const noted = builds.map(async ([name, build]): Promise<[string, NotedBuild]> => {
    const bases = baseImages(dockerfileOf(build, disk), build.args ?? {})
    const context = await contextHash(build, sensitive, { disk, signal })
    const declared = portableBuild(stack, name, sensitive)
    return [name, { declared, ...(context && { context }), ...(bases.length > 0 && { bases }) }]
  })
  return Object.fromEntries(await Promise.all(noted))
}

function dockerfileOf({ context, dockerfile = 'Dockerfile', dockerfile_inline: inline }: Build, disk: Disk): string {
  if (inline !== undefined) return inline
  const bytes = context.startsWith('/') ? readQuietly(disk, resolve(context, dockerfile)) : undefined
  return bytes ? new TextDecoder().decode(bytes) : ''
}

/** The images in `FROM`, with the arguments before the first one filled in; no stages of the file itself. */
export function baseImages(dockerfile: string, given: Readonly<Record<string, string | null>>): string[] {
  const args = new Map<string, string>()
  const stages = new Set(['scratch'])
  const found: string[] = []
  const filled = (text: string) => substitute(text, (name) => args.get(name)).value
  for (const line of dockerfile.replace(/\\\r?\n/g, ' ').split('\n')) {
    const [, name = '', initial] = /^\s*ARG\s+(\w+)(?:=(\S*))?/i.exec(line) ?? []
    const value = given[name] ?? (initial === undefined ? undefined : filled(initial.replace(/^(["'])(.*)\1$/, '$2')))
    if (name && found.length === 0 && value !== undefined) args.set(name, value)
    const [, image = '', stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? []
    if (image && !stages.has(filled(image).toLowerCase())) found.push(filled(image))
    if (stage) stages.add(stage.toLowerCase())
  }
  return [...new Set(found)]
}

/** Over the paths and hashes of the files that a builder is sent, except for those that may hold secrets. */
async function contextHash(
  { context, dockerfile = 'Dockerfile' }: Build,
  sensitive: Sensitive,
  { disk, signal }: Pick<Project, 'disk' | 'signal'>,
): Promise<string | undefined> {
  if (!context.startsWith('/') || disk.kind(context) !== 'directory') return undefined
  const ignores = ignoreRules(context, dockerfile, disk)
  const paths = (await filesBelow(context, signal))
    .map((path) => relative(context, path))
    .filter((path) => !ignores(path))
  const hash = createHash('sha256')
  for (const path of paths.sort()) {
    signal.throwIfAborted()
    hash.update(`${path}\0${(await hashOf(join(context, path), path, sensitive)) ?? ''}\n`)
  }
  return `sha256:${hash.digest('hex')}`
}

/** Which paths below a context its builder is not sent. */
export function ignoreRules(context: string, dockerfile: string, disk: Disk): (path: string) => boolean {
  const names = [`${dockerfile}.dockerignore`, '.dockerignore']
  const text = names.map((name) => readQuietly(disk, resolve(context, name))).find((bytes) => bytes !== undefined)
  try {
    const rules = parseIgnore(text ? new TextDecoder().decode(text) : '')
    return (path) => path.startsWith('.git/') || rules.ignores(path)
  } catch (thrown) {
    // The build reports it.
    if (!(thrown instanceof PatternError)) throw thrown
    return () => false
  }
}
