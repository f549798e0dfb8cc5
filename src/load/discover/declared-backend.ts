import type { Span } from '../../diagnostics/span.ts'
import { get } from '../../yaml/tree.ts'
import type { Disk } from '../file/disk.ts'
import { readStackFile, readText } from '../file/read.ts'
import type { LoadInput } from '../input.ts'

const KEY = 'x-flotilla'

/**
 * The value of `x-flotilla: {backend: NAME}` from the last file that has it. Only files that contain the key are parsed; their
 * problems are reported when they are loaded.
 */
export function declaredBackend(
  { files, stdin }: Pick<LoadInput, 'files' | 'stdin'>,
  disk: Disk,
): { name: string; at: Span } | undefined {
  const found = files.flatMap((file) => {
    const text = file === '-' ? stdin : textOf(file, disk)
    if (!text?.includes(KEY)) return []
    const read = readStackFile(disk, file, stdin)
    return read.ok ? read.value.documents : []
  })
  return found
    .flatMap((document) => {
      const settings = get(document, KEY)
      const backend = settings && get(settings, 'backend')
      return backend?.kind === 'scalar' && backend.value !== null
        ? [{ name: String(backend.value), at: backend.at }]
        : []
    })
    .at(-1)
}

function textOf(file: string, disk: Disk): string | undefined {
  const text = readText(disk, file)
  return text.ok ? text.value : undefined
}
