import { join, relative, resolve } from 'node:path'
import { unwrap } from '../../diagnostics/checked.ts'
import type { Loaded } from '../../load/loaded.ts'
import { namedFiles } from '../../load/print/published/named-files.ts'
import { envFilesOf, readVariables } from '../../load/variable/variables.ts'
import { relativePath } from '../../lockfile/portable.ts'
import { profileOf } from '../../stack/seccomp.ts'
import { recoverYamlDocuments } from '../../yaml/parse.ts'
import { ignoreRules } from '../locking/builds.ts'
import { lockPath } from '../locking/lock-file.ts'
import type { Project } from '../project.ts'

/** Beside the stack file: what somebody who opens the pack reads first. */
const DOCUMENTS = /^(?:readme|licen[cs]e|copying|notice|citation|changelog|codemeta)\b/i
const PACKAGES = 'stack.packages.lock'

/** A file or a folder that goes into a pack. Paths are absolute. */
export interface Root {
  path: string
  /** The path as the pack may name it. */
  shown: string
  /** Why it goes in: `service "web" mounts it`. */
  why: string
  /** Whether a path below, relative to it, does not go in. */
  ignores?(path: string): boolean
}

export interface Roots {
  all: Root[]
  /** Env files: without the secrets in them. */
  envs: Set<string>
  /** Files of secrets: never. */
  secrets: Set<string>
  /** Folders with the files of databases whose dumps are packed. */
  replaced?: ReadonlySet<string>
}

/** What a stack reads from this machine, of some services: its files, what it builds from, and what containers mount. */
export async function rootsOf(project: Project, loaded: Loaded, services: ReadonlySet<string>): Promise<Roots> {
  const { disk, runtime } = project
  const { input, directory } = await project.files()
  const variables = unwrap(readVariables(input, disk, directory))
  const base = { directory: loaded.stack.origin.workingDir, home: runtime.home, variables }
  const named = [...loaded.sources].flatMap(([file, text]) => recoverYamlDocuments(text, file).documents ?? [])
  const envs = [
    ...unwrap(envFilesOf(input, disk, directory)).map(({ file }) => file),
    ...namedFiles(named, base).envs.map(({ path }) => path),
  ]
  const lock = await lockPath(project)
  const files = [...loaded.sources.keys(), lock, resolve(lock, '..', PACKAGES)]
  const documents = disk.list(base.directory).filter((name) => DOCUMENTS.test(name))
  const all = [
    ...files.map((path) => ({ path, why: 'it describes the stack' })),
    ...documents.map((name) => ({ path: join(base.directory, name), why: 'it describes the stack' })),
    ...envs.map((path) => ({ path, why: 'it holds variables' })),
    ...Object.values(loaded.stack.configs).flatMap(({ file }) => (file ? [{ path: file, why: 'it is a config' }] : [])),
    ...Object.keys(loaded.stack.services)
      .filter((name) => services.has(name))
      .flatMap((name) => rootsOfService(name, loaded, project)),
  ]
  const secrets = Object.values(loaded.stack.secrets).flatMap(({ file }) => file ?? [])
  return {
    all: all
      .filter(({ path }) => disk.kind(path) !== 'missing')
      .map((root) => ({ ...root, shown: shownPath(root.path, loaded) })),
    envs: new Set(envs),
    secrets: new Set(secrets),
  }
}

/** A path as the stack files may have written it, without the folders above the project directory that they do not name. */
export function shownPath(path: string, { stack, sources }: Loaded): string {
  const { workingDir } = stack.origin
  const isWritten = () => [...sources.values()].some((text) => text.includes(path))
  return relativePath(path, workingDir) ?? (isWritten() ? path : relative(workingDir, path))
}

function rootsOfService(name: string, { stack }: Loaded, { disk }: Project): Omit<Root, 'shown'>[] {
  const { volumes = [], security_opt = [], build } = stack.services[name] ?? {}
  const mounts = volumes.flatMap(({ type, source }) => (type === 'bind' && source ? [source] : []))
  const profiles = security_opt.flatMap((option) => profileOf(option, stack.origin.workingDir) ?? [])
  const why = `service "${name}" mounts it`
  const read = [...mounts.map((path) => ({ path, why })), ...profiles.map((path) => ({ path, why: 'it is a profile' }))]
  if (!build?.context.startsWith('/')) return read
  const { context, dockerfile = 'Dockerfile' } = build
  const built = `service "${name}" is built from it`
  return [
    ...read,
    { path: context, why: built, ignores: ignoreRules(context, dockerfile, disk) },
    { path: resolve(context, dockerfile), why: built },
  ]
}
