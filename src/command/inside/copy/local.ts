import { lstat, readlink, stat } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { type Destination, nameIn, type Source } from './places.ts'
import { asProblem, uncopied } from './problem.ts'

const MOST_LINKS = 40

/** An absolute path with slashes; keeps a trailing `/` or `/.`, which marks a folder. */
export function absolute(directory: string, path: string): string {
  const slashed = (text: string) => (sep === '/' ? text : text.replaceAll(sep, '/'))
  const whole = slashed(resolve(directory, path))
  const end = /(?:^|\/)\.$/.test(slashed(path)) ? '/.' : slashed(path).endsWith('/') ? '/' : ''
  return whole.endsWith('/') ? `${whole}${end === '/.' ? '.' : ''}` : `${whole}${end}`
}

/** A link is copied as a link, unless links are followed or a trailing slash selects its target. */
export async function localSource(path: string, follow: boolean): Promise<Source & { follow: boolean }> {
  const follows = follow || /\/\.?$/.test(path)
  try {
    const info = await (follows ? stat : lstat)(path)
    return { name: nameIn(path), isDirectory: info.isDirectory(), follow: follows }
  } catch (thrown) {
    throw asProblem(thrown, path)
  }
}

/** Follows links, even to a target that does not exist yet. */
export async function localDestination(path: string): Promise<Destination> {
  const end = /\/\.?$/.exec(path)?.[0] ?? ''
  let at = path.slice(0, path.length - end.length) || '/'
  for (let links = 0; links < MOST_LINKS; links++) {
    const info = await lstat(at).catch(() => undefined)
    if (!info?.isSymbolicLink())
      return { path: `${at}${end}`, there: info && (info.isDirectory() ? 'directory' : 'other') }
    at = resolve(dirname(at), await readlink(at))
  }
  throw uncopied(`${path}: too many links lead to it`)
}
