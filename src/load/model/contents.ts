import { createRequire } from 'node:module'
import { get, type MapNode } from '../../yaml/tree.ts'
import { type Disk, DiskError } from '../file/disk.ts'
import type { Scope } from '../merge/context.ts'
import { textAt } from '../tree/nodes.ts'

/** What secrets and configs hold, keyed `secret/NAME` and `config/NAME`, where it can be known. */
export type Contents = ReadonlyMap<string, Content>

export interface Content {
  /** SHA-256, hex. */
  digest: string
  /** Undefined where it is no UTF-8 text. */
  text: string | undefined
}

export function readContents(tree: MapNode, scope: ContentScope): Contents {
  const found = new Map<string, Content>()
  for (const [section, kind] of [
    ['secrets', 'secret'],
    ['configs', 'config'],
  ] as const) {
    const objects = get(tree, section)
    for (const [name, { value }] of objects?.kind === 'map' ? objects.entries : []) {
      const bytes = value.kind === 'map' ? bytesOf(value, scope) : undefined
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

type ContentScope = Pick<Scope, 'disk' | 'variables' | 'journal'>

function bytesOf(object: MapNode, scope: ContentScope): Uint8Array | undefined {
  const file = textAt(object, 'file')
  const text = textAt(object, 'content') ?? variableOf(object, scope)
  if (text !== undefined) return new TextEncoder().encode(text)
  return file === undefined || scope.disk.kind(file) !== 'file' ? undefined : readQuietly(file, scope.disk)
}

/** What the variable holds that a secret or config names, as its own model sees it. */
export function variableOf(object: MapNode, { variables, journal }: ContentScope): string | undefined {
  const node = get(object, 'environment')
  const name = textAt(object, 'environment')
  if (!node || name === undefined) return undefined
  return (journal.included.get(node.at) ?? variables).lookup(name)?.value
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
