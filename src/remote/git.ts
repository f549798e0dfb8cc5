import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type GitReference, isCommit } from '../stack/remote-reference.ts'
import { GitFailure, runGit } from './git-program.ts'
import { linkOutside } from './links.ts'
import type { FetchedStack, FetchOptions } from './options.ts'
import { exists, filledOnce, folderOf } from './place.ts'
import { unfetched } from './problem.ts'

/** The names of a stack file in a folder, by precedence, as in load/discover. */
const NAMES = 'compose.yaml compose.yml docker-compose.yml docker-compose.yaml stack.yaml stack.yml'.split(' ')

/** Fetches a stack from a Git repository. A commit that was fetched before needs no network. */
export async function fetchFromGit(reference: GitReference, options: FetchOptions): Promise<FetchedStack> {
  try {
    const commit = await commitOf(reference, options)
    const folder = folderOf(options.cache, 'git', withoutUser(reference.url), commit)
    await filledOnce(folder, (fresh) => checkOut(reference, commit, fresh, options))
    return { file: await fileIn(folder, reference), folder }
  } catch (thrown) {
    if (!(thrown instanceof GitFailure)) throw thrown
    throw unfetched(textOf(reference), thrown.message, thrown.hint)
  }
}

function textOf({ url, ref, path }: GitReference): string {
  return ref || path ? `${url}#${ref ?? ''}${path ? `:${path}` : ''}` : url
}

function withoutUser(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/, '$1')
}

async function commitOf({ url, ref, commit }: GitReference, options: FetchOptions): Promise<string> {
  const wanted = ref ?? commit ?? 'HEAD'
  const found = isCommit(wanted) ? wanted : await lookUp(url, wanted, options)
  if (commit === undefined || commit === found) return found
  throw new GitFailure(`${wanted} is the commit ${found} instead of ${commit}`)
}

/** A tag that is an object of its own leads to its commit, which git lists with `^{}`. */
async function lookUp(url: string, ref: string, options: FetchOptions): Promise<string> {
  const listed = await runGit(['ls-remote', '--', url, ref, `${ref}^{}`], { ...options, seconds: 60 })
  const commits = new Map(listed.split('\n').map((line) => [line.slice(41).trim(), line.slice(0, 40)] as const))
  const names = [ref, `refs/${ref}`, `refs/tags/${ref}`, `refs/heads/${ref}`]
  const found = names
    .map((name) => commits.get(`${name}^{}`) ?? commits.get(name))
    .find((commit) => commit !== undefined)
  if (found !== undefined && isCommit(found)) return found
  throw new GitFailure(`the repository has no branch or tag ${ref}`, 'check the part after #')
}

async function checkOut({ url }: GitReference, commit: string, folder: string, options: FetchOptions): Promise<void> {
  const inside = { ...options, cwd: folder, seconds: 60 }
  await runGit(['init', '--quiet', '--template=', '.'], inside)
  const fetch = ['fetch', '--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules']
  await runGit([...fetch, '--', url, commit], { ...inside, seconds: 300 })
  await runGit(['checkout', '--quiet', '--detach', commit], inside)
  const link = await linkOutside(folder)
  if (link !== undefined) throw new GitFailure(`its symbolic link ${link} leads out of the repository`)
}

/** The stack file: the named one, or the first known name in the named folder. Links were checked when it was fetched. */
async function fileIn(folder: string, { path = '' }: GitReference): Promise<string> {
  const place = join(folder, path)
  const found = await stat(place).catch(() => undefined)
  if (!found) throw new GitFailure(`the repository has no file or folder ${path}`, 'check the part after the colon')
  const file = found.isDirectory() ? await firstIn(place) : place
  const [real, root] = await Promise.all([realpath(file), realpath(folder)])
  if (real.startsWith(root + sep)) return file
  throw new GitFailure(`${path} leads out of the repository`)
}

async function firstIn(folder: string): Promise<string> {
  for (const name of NAMES) if (await exists(join(folder, name))) return join(folder, name)
  throw new GitFailure(`the folder has no stack file (looked for ${NAMES.join(', ')})`, 'name it: #REF:FOLDER/FILE')
}
