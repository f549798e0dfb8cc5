import { open, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { asProblem } from './problem.ts'

/** Writes bytes to standard output at the reader's speed, until the reader has gone. */
export async function toOutput(context: Context, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of chunks) {
    if (context.unread.aborted) return
    await context.host.console.write('stdout', chunk)
  }
}

/** Writes bytes to a file that only its owner can read: completely or not at all. */
export async function toFile(context: Context, chunks: AsyncIterable<Uint8Array>, given: string): Promise<void> {
  const path = resolve(context.host.cwd, given)
  const half = `${path}.part`
  try {
    await writeAll(half, chunks)
    await rename(half, path)
  } catch (thrown) {
    await rm(half, { force: true }).catch(() => undefined)
    throw asProblem(thrown, path)
  }
}

async function writeAll(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    for await (const chunk of chunks) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
}
