import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { type Checked, checked } from '../../../diagnostics/checked.ts'
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { Span } from '../../../diagnostics/span.ts'
import type { PublishedFile } from '../../../stack/publication.ts'
import { isRemoteReference } from '../../../stack/remote-reference.ts'
import { type Disk, readQuietly } from '../../file/disk.ts'
import { readStackFile } from '../../file/read.ts'
import type { Variables } from '../../variable/variables.ts'
import { namedFiles } from './named-files.ts'
import { replaced } from './replaced.ts'

/** A file with its path; `-` is standard input. */
export interface LocalFile extends PublishedFile {
  path: string
}

interface PublishInput {
  /** The stack's own files. */
  files: readonly string[]
  stdin?: string
  /** Absolute; the project directory. */
  directory: string
  home: string | undefined
  variables: Variables
  /** Whether env files are published too. */
  withEnv: boolean
}

/** The file's name in the artifact depends on its path alone, as in `docker compose publish`. */
function publishedName(path: string, extension: '.yaml' | '.env'): string {
  return createHash('sha256').update(path).digest('hex') + extension
}

/** The files of a stack for publishing. Fails with the places of what cannot be published. */
export function publishedFiles(input: PublishInput, disk: Disk): Checked<LocalFile[]> {
  const files = new Map<string, LocalFile>()
  const problems: Diagnostic[] = []
  const main = input.files.map((path) => ({ path, name: basename(path), role: 'main' as const }))
  const queue: Omit<LocalFile, 'content'>[] = [...main]
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (files.has(next.path)) continue
    const { content, extended, envs } = contentOf(next, input, disk, problems)
    files.set(next.path, { ...next, content })
    for (const path of extended) queue.push({ path, name: publishedName(path, '.yaml'), role: 'extended' })
    for (const path of input.withEnv ? envs : []) addEnvFile(path, files, disk)
  }
  return checked([...files.values()], problems)
}

function addEnvFile(path: string, files: Map<string, LocalFile>, disk: Disk): void {
  const content = readQuietly(disk, path)
  if (content) files.set(path, { path, name: publishedName(path, '.env'), role: 'env', content })
}

function contentOf(
  { path, role }: Omit<LocalFile, 'content'>,
  input: PublishInput,
  disk: Disk,
  problems: Diagnostic[],
) {
  const read = readStackFile(disk, path, input.stdin)
  if (!read.ok) problems.push(...read.diagnostics)
  const { text, documents } = read.ok ? read.value : { text: '', documents: [] }
  const directory = role === 'main' ? input.directory : dirname(path)
  const { extended, envs, included } = namedFiles(documents, { ...input, directory })
  const local = included.filter(({ path }) => role === 'main' && !isRemoteReference(path))
  problems.push(...local.map(({ at }) => withInclude(at)))
  if (!input.withEnv) problems.push(...envs.filter(({ required }) => required).map(withEnvFile))
  const names = [
    ...extended.map(({ at, path }) => ({ at, text: publishedName(path, '.yaml') })),
    ...envs.map(({ at, path }) => ({ at, text: publishedName(path, '.env') })),
  ]
  return {
    content: new TextEncoder().encode(replaced(text, path, names)),
    extended: extended.map((each) => each.path),
    envs: envs.map((each) => each.path),
  }
}

function withInclude(at: Span): Diagnostic {
  const hint = 'publish the included stack by itself, and include it by its name: oci://…'
  return error('publish-refused', 'a stack that includes local files cannot be published', { at, hint })
}

function withEnvFile({ at }: { at: Span }): Diagnostic {
  const hint = '--with-env publishes it too; or declare it as required: false'
  return error('publish-refused', 'the published stack would lack this env file', { at, hint })
}
