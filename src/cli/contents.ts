import type { Disk } from '../load/disk.ts'
import { readVariables } from '../load/variables.ts'
import type { FileObject, Stack } from '../stack/model.ts'
import type { Project } from './project.ts'
import { readQuietly } from './read-quietly.ts'

/** What a secret, a config or another file holds, by its key in plans: `secret/NAME`, `config/NAME`, `file/PATH`. */
export type ContentOf = (key: string) => Uint8Array | undefined

/** Reads contents when they are asked for: files from the disk, variables as the stack's files see them. */
export function contentReader(
  { secrets, configs }: Pick<Stack, 'secrets' | 'configs'>,
  { input, directory }: Pick<Project, 'input' | 'directory'>,
  disk: Disk,
): ContentOf {
  const variables = readVariables(input, disk, directory)
  const variable = (name: string) => (variables.ok ? variables.value.lookup(name)?.value : undefined)
  return (key) => {
    const [kind, ...rest] = key.split('/')
    if (kind === 'file') return readQuietly(disk, rest.join('/'))
    const object = (kind === 'secret' ? secrets : configs)[rest.join('/')]
    return object && bytesOf(object, disk, variable)
  }
}

function bytesOf(
  object: FileObject,
  disk: Disk,
  variable: (name: string) => string | undefined,
): Uint8Array | undefined {
  const { content, file, environment } = object
  if (file !== undefined) return readQuietly(disk, file)
  const text = content ?? (environment === undefined ? undefined : variable(environment))
  return text === undefined ? undefined : new TextEncoder().encode(text)
}
