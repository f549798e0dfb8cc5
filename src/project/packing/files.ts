import { createReadStream } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import { StackError, unwrap } from '../../diagnostics/checked.ts'
import { error } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { readText } from '../../load/file/read.ts'
import type { Loaded } from '../../load/loaded.ts'
import { stackPlace } from '../../pack/bag/layout.ts'
import type { FileSource } from '../../pack/types.ts'
import { hashOfContent } from '../locking/files.ts'
import type { Project } from '../project.ts'
import { withoutSecrets } from './env-text.ts'
import { oddArchive } from './odd-archive.ts'
import type { Roots } from './roots.ts'
import type { Found, Kept, Walked } from './walk.ts'

export interface PackedFiles {
  sources: FileSource[]
  leftOut: string[]
}

/** Throws a StackError unless all stack files lie in the project directory. @returns their relative paths */
export async function stackFilesOf(project: Project, { stack, sources }: Loaded): Promise<string[]> {
  const { input } = await project.files()
  const directory = stack.origin.workingDir
  const outside = [...new Set([...input.files, ...sources.keys()])].filter((file) => !isBelow(file, directory))
  if (outside.length > 0) throw new StackError(outside.map(notPackable))
  return input.files.map((file) => relative(directory, file))
}

function isBelow(file: string, directory: string): boolean {
  return isAbsolute(file) && !relative(directory, file).startsWith('..')
}

function notPackable(file: string) {
  const hint = 'move it there, or name the project directory with --project-directory'
  return error(
    'pack-failed',
    `stack file ${foreign(file)} is not in the project directory, which is what a pack holds`,
    { hint },
  )
}

/** Reads the files that were found once, to leave out those that hold a secret; their contents are read again when they are packed. */
export async function packedFiles(
  project: Project,
  loaded: Loaded,
  { walked, roots }: { walked: Walked; roots: Roots },
): Promise<PackedFiles> {
  const { workingDir } = loaded.stack.origin
  const leftOut: string[] = []
  const keep = async (found: Found): Promise<Kept[]> => {
    project.signal.throwIfAborted()
    if (!found.stats.isFile()) return [found]
    if (roots.envs.has(found.path)) return blankedEnv(project, loaded, found, leftOut)
    if (!(await holdsSecret(found, loaded))) return [found]
    leftOut.push(`./${found.name}, which holds a secret`)
    return []
  }
  const sources = (await keepAll(walked.files, keep)).map(fileSource)
  const odd = await keepAll(walked.odd, keep)
  if (odd.length > 0) sources.push({ path: 'files/stack.tar', open: () => oddArchive(workingDir, odd) })
  return { sources, leftOut }
}

async function keepAll(all: readonly Found[], keep: (found: Found) => Promise<Kept[]>): Promise<Kept[]> {
  const kept: Kept[] = []
  for (const found of all) kept.push(...(await keep(found)))
  return kept
}

async function holdsSecret({ path }: Found, { sensitive }: Loaded): Promise<boolean> {
  return (await hashOfContent(path, sensitive)) === undefined
}

function fileSource({ path, name, stats, text }: Kept): FileSource {
  if (text !== undefined) return textSource(stackPlace(name), text)
  return {
    path: stackPlace(name),
    size: stats.size,
    executable: (stats.mode & 0o111) !== 0,
    open: () => createReadStream(path, { highWaterMark: 512 * 1024 }),
  }
}

/** An env file without its secrets; nothing if they are elsewhere in it, too. */
function blankedEnv({ disk }: Project, { sensitive }: Loaded, found: Found, leftOut: string[]): Kept[] {
  const { path, name } = found
  const blanked = withoutSecrets(unwrap(readText(disk, path)), sensitive)
  if (!blanked) {
    leftOut.push(`./${name}, which holds a secret outside of its values`)
    return []
  }
  if (blanked.names.length > 0) leftOut.push(`the values of ${blanked.names.join(', ')} in ./${name}`)
  return [{ ...found, text: blanked.text }]
}

/** A file that is made for the pack. */
export function textSource(path: string, text: string): FileSource {
  const bytes = Buffer.from(text)
  return {
    path,
    size: bytes.length,
    async *open() {
      yield bytes
    },
  }
}
