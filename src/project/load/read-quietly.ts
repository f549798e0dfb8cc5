import type { Disk } from '../../load/file/disk.ts'

/** Undefined for what cannot be read. */
export function readQuietly(disk: Disk, path: string): Uint8Array | undefined {
  try {
    return disk.readFile(path)
  } catch {
    return undefined
  }
}
