import { createRequire } from 'node:module'
import { get, type MapNode } from '../source/tree.ts'
import { type Disk, DiskError } from './disk.ts'
import { textAt } from './nodes.ts'
import type { Variables } from './variables.ts'

/** What secrets and configs hold, keyed `secret/NAME` and `config/NAME`, where it can be known. */
export type Contents = ReadonlyMap<string, Content>

export interface Content {
  /** SHA-256, hex. */
  digest: string
  /** Undefined where it is no UTF-8 text. */
  text: string | undefined
}

export function readContents(tree: MapNode, disk: Disk, variables: Variables): Contents {
  const found = new Map<string, Content>()
  for (const [section, kind] of [
    ['secrets', 'secret'],
    ['configs', 'config'],
  ] as const) {
    const objects = get(tree, section)
    for (const [name, { value }] of objects?.kind === 'map' ? objects.entries : []) {
      const bytes = value.kind === 'map' ? bytesOf(value, disk, variables) : undefined
      if (bytes) found.set(`${kind}/${name}`, { digest: digestOf(bytes), text: textIn(bytes) })
    }
  }
  return found
}

/** Loaded where it is needed: a stack without secrets and configs starts a few milliseconds sooner. */
export function digestOf(bytes: Uint8Array): string {
  const { createHash }: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto')
  return createHash('sha256').update(bytes).digest('hex')
}

function bytesOf(object: MapNode, disk: Disk, variables: Variables): Uint8Array | undefined {
  const file = textAt(object, 'file')
  const variable = textAt(object, 'environment')
  const text = textAt(object, 'content') ?? (variable === undefined ? undefined : variables.lookup(variable)?.value)
  if (text !== undefined) return new TextEncoder().encode(text)
  return file === undefined || disk.kind(file) !== 'file' ? undefined : readQuietly(file, disk)
}

/** A file that cannot be read is reported where it is used: see check/paths.ts and the backends. */
export function readQuietly(file: string, disk: Disk): Uint8Array | undefined {
  try {
    return disk.readFile(file)
  } catch (cause) {
    if (cause instanceof DiskError) return undefined
    throw cause
  }
}

function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
