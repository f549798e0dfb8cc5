import { createRequire } from 'node:module'
import { fileKey, profileOf } from '../../stack/seccomp.ts'
import { get, type MapNode, type Tree } from '../../yaml/tree.ts'
import { type Disk, readQuietly } from '../file/disk.ts'
import type { ModelContext } from '../merge/context.ts'
import { textAt, textOf } from '../tree/nodes.ts'

/** Known contents of secrets and configs, by `secret/NAME` and `config/NAME`. */
export type Contents = ReadonlyMap<string, Content>

interface Content {
  /** SHA-256, hex. */
  digest: string
  /** Undefined if it is not UTF-8 text. */
  text: string | undefined
}

type VariablesInScope = Pick<ModelContext, 'variables' | 'included'>

export function readContents(tree: MapNode, context: VariablesInScope & Pick<ModelContext, 'files'>): Contents {
  const found = new Map<string, Content>()
  for (const [section, kind] of [
    ['secrets', 'secret'],
    ['configs', 'config'],
  ] as const) {
    const objects = get(tree, section)
    for (const [name, { value }] of objects?.kind === 'map' ? objects.entries : []) {
      const bytes = value.kind === 'map' ? bytesOf(value, context.files.disk, variableOf(value, context)) : undefined
      if (bytes) found.set(`${kind}/${name}`, { digest: digestOf(bytes), text: textIn(bytes) })
    }
  }
  return found
}

/** Imported on demand: a stack without secrets and configs loads a few milliseconds faster. */
function digestOf(bytes: Uint8Array): string {
  const { createHash }: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto')
  return createHash('sha256').update(bytes).digest('hex')
}

function bytesOf(object: MapNode, disk: Disk, variable: string | undefined): Uint8Array | undefined {
  const file = textAt(object, 'file')
  const text = textAt(object, 'content') ?? variable
  if (text !== undefined) return new TextEncoder().encode(text)
  return file === undefined || disk.kind(file) !== 'file' ? undefined : readQuietly(disk, file)
}

/** The value of the variable that a secret or config names, in the model that declares it. */
export function variableOf(object: MapNode, { variables, included }: VariablesInScope): string | undefined {
  const node = get(object, 'environment')
  const name = textAt(object, 'environment')
  if (!node || name === undefined) return undefined
  return (included.get(node.at) ?? variables).lookup(name)?.value
}

function textIn(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** SHA-256 (hex) of all contents, and of every readable seccomp profile that services name, keyed `file/PATH`. */
export function digestsOf(
  contents: Contents,
  tree: MapNode,
  { files, directory }: Pick<ModelContext, 'files' | 'directory'>,
): Record<string, string> {
  const services = get(tree, 'services')
  const paths =
    services?.kind === 'map' ? [...services.entries].flatMap(([, { value }]) => profilesOf(value, directory)) : []
  const profiles = [...new Set(paths)].flatMap((path): [string, string][] => {
    const bytes = files.disk.kind(path) === 'file' ? readQuietly(files.disk, path) : undefined
    return bytes ? [[fileKey(path), digestOf(bytes)]] : []
  })
  return Object.fromEntries([...[...contents].map(([key, { digest }]) => [key, digest] as const), ...profiles])
}

function profilesOf(service: Tree, directory: string): string[] {
  const options = get(service, 'security_opt')
  const texts = options?.kind === 'seq' ? options.items.map((item) => (item.kind === 'scalar' ? textOf(item) : '')) : []
  return texts.flatMap((text) => profileOf(text, directory) ?? [])
}
