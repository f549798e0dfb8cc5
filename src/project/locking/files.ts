import { createHash, type Hash } from 'node:crypto'
import { createReadStream, type Dirent } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { StackError } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { reasonOf } from '../../diagnostics/system-error.ts'
import type { Loaded } from '../../load/loaded.ts'
import { relativePath } from '../../lockfile/portable.ts'
import { profileOf } from '../../stack/seccomp.ts'
import { namesSecret } from '../../stack/secret-names.ts'
import type { Sensitive } from '../../stack/sensitive.ts'

export interface HashedFiles {
  /** `sha256:…` by path below the project directory, `./…`. */
  files: Record<string, string>
  /** Paths of files that are not hashed, since they may hold secrets; sorted. */
  unhashed: string[]
}

/**
 * The files in the project directory that containers only read: contents of configs, seccomp profiles, and mounts that are read-only.
 * No file that may hold a secret is hashed: anybody could find out a short secret from its hash.
 */
export async function hashedFiles(
  { stack, sensitive }: Pick<Loaded, 'stack' | 'sensitive'>,
  signal: AbortSignal,
): Promise<HashedFiles> {
  const { workingDir } = stack.origin
  const inside = pathsRead(stack).filter((path) => relativePath(path, workingDir) !== undefined)
  const found = await Promise.all([...new Set(inside)].map((path) => filesBelow(path, signal)))
  const secrets = new Set(Object.values(stack.secrets).flatMap(({ file }) => file ?? []))
  const result: HashedFiles = { files: {}, unhashed: [] }
  for (const path of [...new Set(found.flat())].sort()) {
    signal.throwIfAborted()
    const name = relativePath(path, workingDir) ?? path
    const hash = secrets.has(path) ? undefined : await hashOf(path, name, sensitive)
    if (hash === undefined) result.unhashed.push(name)
    else result.files[name] = hash
  }
  return result
}

function pathsRead({ services, configs, origin }: Loaded['stack']): string[] {
  const ofServices = Object.values(services).flatMap(({ volumes = [], security_opt = [] }) => [
    ...volumes.flatMap(({ type, source, read_only }) => (type === 'bind' && read_only && source ? [source] : [])),
    ...security_opt.flatMap((option) => profileOf(option, origin.workingDir) ?? []),
  ])
  return [...ofServices, ...Object.values(configs).flatMap(({ file }) => file ?? [])]
}

/** A file itself, or all files below a folder; links are files. Nothing for what does not exist: it is reported where it is used. */
export async function filesBelow(path: string, signal: AbortSignal): Promise<string[]> {
  signal.throwIfAborted()
  const stats = await lstat(path).catch(() => undefined)
  if (!stats?.isDirectory()) return stats?.isFile() || stats?.isSymbolicLink() ? [path] : []
  const entries = await readdir(path, { withFileTypes: true }).catch((cause) => unreadable(path, cause))
  const below = await Promise.all(
    entries.map((entry) => (isFile(entry) ? [join(path, entry.name)] : filesIn(entry, path, signal))),
  )
  return below.flat()
}

function isFile(entry: Dirent): boolean {
  return entry.isFile() || entry.isSymbolicLink()
}

async function filesIn(entry: Dirent, parent: string, signal: AbortSignal): Promise<string[]> {
  return entry.isDirectory() ? filesBelow(join(parent, entry.name), signal) : []
}

/**
 * The hash of a file; undefined if it may hold a secret, by its name or because one of the stack's is in it.
 * @param name as `isSecretName` takes it
 */
export async function hashOf(path: string, name: string, sensitive: Sensitive): Promise<string | undefined> {
  return isSecretName(name) ? undefined : hashOfContent(path, sensitive)
}

/** The same, whatever its name. */
export async function hashOfContent(path: string, sensitive: Sensitive): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    const stats = await lstat(path)
    if (stats.isSymbolicLink()) hash.update(`link ${await readlink(path)}`)
    else if (await readInto(hash, path, sensitive)) return undefined
  } catch (cause) {
    return unreadable(path, cause)
  }
  return `sha256:${hash.digest('hex')}`
}

/** Resolves to whether a secret is in the file; then the rest is not read. */
async function readInto(hash: Hash, path: string, { values }: Sensitive): Promise<boolean> {
  const secrets = [...values].map((value) => Buffer.from(value))
  const overlap = Math.max(0, ...secrets.map(({ length }) => length - 1))
  let before: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    const seen = Buffer.concat([before, chunk])
    if (secrets.some((secret) => seen.includes(secret))) return true
    before = seen.subarray(Math.max(0, seen.length - overlap))
  }
  return false
}

const CHUNK = 1 << 20

/** Below these, every file may be a secret. */
const SECRET_FOLDER =
  /^(?:\.?(?:secret|credential|password)s?|\.(?:aws|azure|docker|gcloud|gnupg|kube|password-store|ssh))$/i
const SECRET_FILE =
  /^\.env\b|\.env$|^\.(?:dockercfg|envrc|git-credentials|my\.cnf|netrc|npmrc|pgpass|pypirc)$|^kubeconfig$|^id_\w+$|\.(?:pem|key|p12|pfx|jks|kdbx|keystore|gpg|asc)$/i

/**
 * Whether a file may be a secret by its name: `.env`, `server.key`, `id_rsa`, `db-password.txt`, `secrets/db.txt`.
 * @param path relative to the project directory or to another folder of the stack; what is above says nothing
 */
export function isSecretName(path: string): boolean {
  const folders = path.split(/[\\/]/)
  const name = folders.pop() ?? ''
  const bare = name.replace(/^\.+/, '')
  return (
    folders.some((folder) => SECRET_FOLDER.test(folder)) ||
    SECRET_FILE.test(name) ||
    [bare, bare.replace(/\.\w+$/, '')].some(namesSecret)
  )
}

function unreadable(path: string, cause: unknown): never {
  if (!(cause instanceof Error) || !('code' in cause)) throw cause
  throw new StackError([error('file-unreadable', `${foreign(path)} cannot be read: ${reasonOf(cause)}`)])
}
