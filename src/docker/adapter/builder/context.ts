import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { lstat, readdir, readlink, stat } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { fileEntry, modeOf, slashed } from '../../../archive/pack.ts'
import { padding, tarEnd, tarHeader } from '../../../archive/tar.ts'
import { failedInside } from '../../port.ts'
import { type Ignore, parseIgnore } from './ignore.ts'
import { readDockerfileText, readIgnoreFile } from './source-files.ts'

export interface ContextSpec {
  /** Absolute. */
  context: string
  dockerfile: string
  dockerfileInline?: string
}

export interface BuildContext {
  /** The Dockerfile's name inside the archive. */
  dockerfile: string
  archive(): AsyncGenerator<Uint8Array>
}

const IGNORE_FILE = '.dockerignore'

/**
 * Packs a context directory as a tar archive: sorted by name, owned by root, without the files that `.dockerignore` excludes
 * (`<Dockerfile>.dockerignore` takes precedence). The Dockerfile and the ignore file are always sent. A Dockerfile from outside the
 * context gets a name derived from its text, so that an unchanged one keeps the builder's cache valid.
 */
export async function buildContext(spec: ContextSpec): Promise<BuildContext> {
  if (!(await stat(spec.context)).isDirectory())
    throw failedInside(`the build context ${spec.context} is not a directory`)
  const outside = textFromOutside(spec)
  const dockerfile = outside === undefined ? inside(spec) : nameFor(outside)
  const ignore = readIgnore(spec, dockerfile)
  const always = new Set([IGNORE_FILE, dockerfile])
  return { dockerfile, archive: () => archive(spec.context, outside ? { [dockerfile]: outside } : {}, ignore, always) }
}

/** The Dockerfile's text, if the file is not in the context. */
function textFromOutside(spec: ContextSpec): string | undefined {
  if (spec.dockerfileInline !== undefined) return spec.dockerfileInline
  return inside(spec).startsWith('../') || isAbsolute(inside(spec)) ? readDockerfileText(spec) : undefined
}

function inside(spec: ContextSpec): string {
  return slashed(relative(spec.context, resolve(spec.context, spec.dockerfile)))
}

function nameFor(text: string): string {
  return `.dockerfile.${createHash('sha256').update(text).digest('hex').slice(0, 20)}`
}

function readIgnore(spec: ContextSpec, dockerfile: string): Ignore {
  const text = readIgnoreFile(spec)
  return parseIgnore(text === undefined ? '' : `${text}\n!${IGNORE_FILE}\n!${dockerfile}`)
}

async function* archive(
  root: string,
  added: Record<string, string>,
  ignore: Ignore,
  always: Set<string>,
): AsyncGenerator<Uint8Array> {
  for (const [path, text] of Object.entries(added)) yield* textEntry(path, text)
  for await (const path of walk(root, '', ignore, always)) yield* entry(root, path)
  yield tarEnd()
}

async function* walk(root: string, folder: string, ignore: Ignore, always: Set<string>): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true })
  for (const each of entries.sort(byName)) {
    const path = folder ? `${folder}/${each.name}` : each.name
    const sent = always.has(path) || !ignore.ignores(path)
    if (sent) yield path
    if (each.isDirectory() && (sent || ignore.mayKeepBelow(path))) yield* walk(root, path, ignore, always)
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1
}

/** Sockets, pipes and devices do not belong in an image. */
async function* entry(root: string, path: string): AsyncGenerator<Uint8Array> {
  const file = join(root, path)
  const info = await lstat(file)
  const common = { path, mode: modeOf(info.mode, info.isDirectory()), mtime: info.mtimeMs / 1000 }
  if (info.isDirectory()) yield tarHeader({ ...common, type: 'directory' })
  else if (info.isSymbolicLink()) {
    yield tarHeader({ ...common, type: 'symlink', linkTarget: slashed(await readlink(file)) })
  } else if (info.isFile()) yield* fileEntry(file, { ...common, type: 'file', size: info.size })
}

function* textEntry(path: string, text: string): Generator<Uint8Array> {
  const content = Buffer.from(text)
  yield tarHeader({ path, type: 'file', mode: 0o644, size: content.length })
  yield content
  yield padding(content.length)
}
