import { closeSync, constants, openSync, readSync } from 'node:fs'

/** Far more than configurations, certificates and Dockerfiles need. */
export const MOST_BYTES = 4 * 1024 * 1024

/** Reads a whole file, but not a device that never ends. Throws the read's error; a pipe without a writer counts as empty. */
export function readSmallFile(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    return readToEnd(file, path)
  } finally {
    closeSync(file)
  }
}

function readToEnd(file: number, path: string): Buffer {
  const chunks: Buffer[] = []
  let size = 0
  for (;;) {
    const chunk = Buffer.alloc(1 << 16)
    const length = readSync(file, chunk)
    if (length === 0) return Buffer.concat(chunks)
    chunks.push(chunk.subarray(0, length))
    size += length
    if (size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES / 1024 / 1024} MiB`)
  }
}
