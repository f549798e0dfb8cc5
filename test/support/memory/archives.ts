import { readTar } from '../../../src/archive/read-tar.ts'
import { padding, type TarEntry, tarEnd, tarHeader } from '../../../src/archive/tar.ts'
import type { ArchiveCalls, CommitCalls, PathStat } from '../../../src/docker/port.ts'
import { nodeAt, putNode, readFile, writeFile } from './files.ts'
import { putImage } from './images.ts'
import { containerOf, findContainer } from './lookup.ts'
import { newId, refuse, type StoredContainer, type World } from './world.ts'

/** Links are not followed on the way to a path. */
export function archiveCalls(world: World): ArchiveCalls & CommitCalls {
  return {
    async statPath(reference, path) {
      const container = findContainer(world, reference)
      return container && statOf(world, container, clean(path))
    },
    async getArchive(reference, path) {
      const container = containerOf(world, reference)
      if (!statOf(world, container, clean(path)))
        refuse(404, `Could not find the file ${path} in container ${reference}`)
      return archiveOf(world, container, clean(path), path.split('/').at(-1) ?? '')
    },
    async exportContainer(reference) {
      return archiveOf(world, containerOf(world, reference), '/', '')
    },
    async putArchive(reference, directory, archive) {
      const container = containerOf(world, reference)
      const root = clean(directory)
      if (statOf(world, container, root)?.type !== 'directory')
        refuse(404, `Could not find the file ${directory} in container ${reference}`)
      for await (const entry of readTar(archive)) {
        const { content, path, size, ...kind } = entry
        const at = clean(`${root}/${path}`)
        putNode(world, container, at, kind)
        if (kind.type !== 'file') continue
        const chunks: Uint8Array[] = []
        for await (const chunk of content) chunks.push(chunk)
        writeFile(world, container, at, Buffer.concat(chunks))
      }
    },
    async commitContainer(reference, { repository, tag = 'latest' }) {
      const { image } = containerOf(world, reference)
      return putImage(world, repository === undefined ? newId(world, 'image') : `${repository}:${tag}`, {
        ...image.fixture,
      }).id
    },
  }
}

function clean(path: string): string {
  return `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`
}

/** Every file, folder and link of which something is known, by path. */
function pathsOf(world: World, container: StoredContainer): string[] {
  const mounted = container.mounts.flatMap(({ source, target }) => [
    target,
    ...[...world.data.keys(), ...world.mountedNodes.keys()]
      .filter((path) => path.startsWith(`${source}/`))
      .map((path) => target + path.slice(source.length)),
  ])
  const own = [
    ...container.files.keys(),
    ...container.nodes.keys(),
    ...Object.keys(container.image.fixture.files ?? {}),
  ]
  return [...new Set([...own.map(clean), ...mounted])].sort()
}

function statOf(world: World, container: StoredContainer, path: string): PathStat | undefined {
  const name = path.split('/').at(-1) || '/'
  const node = nodeAt(world, container, path)
  if (node?.type === 'symlink') return { name, size: 0, type: 'symlink', linkTarget: clean(node.linkTarget) }
  const file = readFile(world, container, path, 0)
  if (file) return { name, size: file.size, type: 'other' }
  const isFolder =
    path === '/' || pathsOf(world, container).some((each) => each === path || each.startsWith(`${path}/`))
  return isFolder ? { name, size: 0, type: 'directory' } : undefined
}

async function* archiveOf(
  world: World,
  container: StoredContainer,
  root: string,
  last: string,
): AsyncGenerator<Uint8Array> {
  const base = last === '.' ? '' : last
  const below = pathsOf(world, container).filter((path) => root === '/' || path === root || path.startsWith(`${root}/`))
  for (const path of new Set([root, ...below])) {
    const inside = path === root ? '' : path.slice(root === '/' ? 1 : root.length + 1)
    const name = [base, inside].filter((part) => part !== '').join('/') || './'
    yield* entryOf(world, container, path, name)
  }
  yield tarEnd()
}

function* entryOf(world: World, container: StoredContainer, path: string, name: string): Generator<Uint8Array> {
  const node = nodeAt(world, container, path)
  const common = {
    mode: node?.mode ?? 0o755,
    mtime: node?.mtime ?? 0,
    uid: node?.uid ?? 0,
    gid: node?.gid ?? 0,
    path: name,
  }
  if (node?.type === 'symlink') return yield tarHeader({ ...common, type: 'symlink', linkTarget: node.linkTarget })
  const file = readFile(world, container, path, Number.POSITIVE_INFINITY)
  const type: TarEntry['type'] = file ? 'file' : 'directory'
  yield tarHeader({ ...common, type, size: file?.size ?? 0 })
  if (file) yield file.content
  if (file) yield padding(file.size)
}
