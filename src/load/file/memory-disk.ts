import { posix } from 'node:path'
import { type Disk, DiskError, type FileKind } from './disk.ts'

/** Files in memory, by absolute POSIX path; a directory exists if a file lies below it. For tests and library users. */
export function memoryDisk(files: Record<string, string | Uint8Array>): Disk {
  const contents = new Map(Object.entries(files).map(([path, content]) => [posix.normalize(path), content]))
  const below = (path: string) => {
    const prefix = posix.join(posix.normalize(path), '/')
    return [...contents.keys()].filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length))
  }
  const kind = (path: string): FileKind => {
    if (contents.has(posix.normalize(path))) return 'file'
    return below(path).length > 0 ? 'directory' : 'missing'
  }
  return {
    kind,
    list: (path) => [...new Set(below(path).map((each) => each.split('/')[0] ?? ''))].sort(),
    readFile(path) {
      const content = contents.get(posix.normalize(path))
      if (content === undefined) throw new DiskError(kind(path) === 'directory' ? 'EISDIR' : 'ENOENT', path)
      return typeof content === 'string' ? new TextEncoder().encode(content) : content
    },
  }
}
