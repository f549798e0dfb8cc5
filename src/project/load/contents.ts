import type { Disk } from '../../load/file/disk.ts'
import { readQuietly } from '../../load/file/disk.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { FileObject } from '../../stack/model.ts'

/** The content of a secret, a config or another file, by its key in plans: `secret/NAME`, `config/NAME`, `file/PATH`. */
export type ContentOf = (key: string) => Uint8Array | undefined

/** Reads contents on demand: files from the disk, variables as the stack's files see them. */
export function contentReader({ stack, variableOf }: Pick<Loaded, 'stack' | 'variableOf'>, disk: Disk): ContentOf {
  return (key) => {
    const [kind, ...rest] = key.split('/')
    const name = rest.join('/')
    if (kind === 'file') return readQuietly(disk, name)
    const section = kind === 'secret' ? 'secrets' : 'configs'
    const object = stack[section][name]
    return object && bytesOf(object, disk, () => variableOf(section, name))
  }
}

function bytesOf(
  { content, file }: FileObject,
  disk: Disk,
  variable: () => string | undefined,
): Uint8Array | undefined {
  if (file !== undefined) return readQuietly(disk, file)
  const text = content ?? variable()
  return text === undefined ? undefined : new TextEncoder().encode(text)
}
