import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Host } from '../../../cli/host.ts'
import { StackError, unwrap } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { reasonOf } from '../../../diagnostics/system-error.ts'
import { hostPorts } from '../../../init/ports.ts'
import type { Mount, Template } from '../../../init/template.ts'
import { missingVariables, withIgnored, withVariables } from '../../../init/variables.ts'
import { parseDotenv } from '../../../load/variable/dotenv.ts'
import { freePorts } from './free-ports.ts'
import { checkTarget, type Target } from './target.ts'

interface Files {
  target: Target
  templates: readonly Template[]
  /** Of the stack file. */
  text: string
  signal: AbortSignal
}

const SECRET_BYTES = 16
const OWNER_ONLY = 0o600

/**
 * Writes the folders of a stack, `.gitignore`, `.env`, and last the stack file, each completely or not at all. Resolves to what was
 * written. Throws a StackError if something cannot be read or written.
 */
export async function writeStack(host: Host, { target, templates, text, signal }: Files): Promise<string[]> {
  const { folder, file, shown } = target
  const free = await freePorts(templates)
  signal.throwIfAborted()
  try {
    await mkdir(folder, { recursive: true })
    await checkTarget(target)
    const folders = await makeFolders(folder, templates)
    const ignoring = await ignoreVariables(host, folder)
    const variables = await writeVariables(host, folder, (present) =>
      missingVariables({ templates, secret, ids: folders.ids, free, written: hostPorts(templates) }, present),
    )
    await host.writeFile(file, text)
    return [shown, ...variables, ...ignoring, ...folders.made]
  } catch (thrown) {
    if (thrown instanceof StackError) throw thrown
    throw new StackError([error('usage', `the stack cannot be written: ${reasonOf(thrown as Error)}`)])
  }
}

/** Letters and digits, so that it can stand in a URL. */
function secret(): string {
  return randomBytes(SECRET_BYTES).toString('hex')
}

interface Folders {
  /** Those that did not exist, for the user. */
  made: string[]
  /** The owner of the folder that services write to, if that is not root. */
  ids?: { user: number; group: number }
}

/** The user of the images if `.env` names none. */
const DEFAULT_USER = 1000
const DEFAULT_GROUP = 100

async function makeFolders(folder: string, templates: readonly Template[]): Promise<Folders> {
  const made: string[] = []
  let ids: Folders['ids']
  for (const { name, isWritten } of foldersOf(templates)) {
    const path = join(folder, name)
    const isNew = (await mkdir(path, { recursive: true })) !== undefined
    if (isNew) made.push(`${name}/`)
    if (!isWritten) continue
    const { uid, gid } = await stat(path)
    if (uid !== 0) ids = { user: uid, group: gid }
    else if (isNew) await chown(path, DEFAULT_USER, DEFAULT_GROUP)
  }
  return { made, ...(ids && { ids }) }
}

function foldersOf(templates: readonly Template[]): { name: string; isWritten: boolean }[] {
  const folders = new Map<string, boolean>()
  for (const { mounts = [], ids } of templates)
    for (const mount of mounts) {
      const name = folderOf(mount)
      if (name !== undefined) folders.set(name, folders.get(name) || ids !== undefined)
    }
  return [...folders].map(([name, isWritten]) => ({ name, isWritten }))
}

function folderOf(mount: Mount): string | undefined {
  return 'folder' in mount ? mount.folder : undefined
}

async function ignoreVariables(host: Host, folder: string): Promise<string[]> {
  const path = join(folder, '.gitignore')
  const text = withIgnored(await textOf(path))
  if (text === undefined) return []
  await host.writeFile(path, text)
  return ['.gitignore']
}

/** Adds variables that `.env` lacks, or that are empty there; the file is made readable for its owner only. */
async function writeVariables(
  host: Host,
  folder: string,
  missingIn: (present: ReadonlySet<string>) => readonly { name: string; value: string; about: string }[],
): Promise<string[]> {
  const path = join(folder, '.env')
  const text = (await textOf(path)) ?? ''
  const values = unwrap(parseDotenv(text, path, () => undefined))
  const present = new Set([...values].flatMap(([name, { value }]) => (value === '' ? [] : [name])))
  const missing = missingIn(present)
  if (missing.length === 0) return []
  await host.writeFile(path, withVariables(text, missing), { mode: OWNER_ONLY })
  // Behind a link, the file was written in place, and has kept its mode.
  await chmod(path, OWNER_ONLY)
  return ['.env']
}

/** Undefined for a file that does not exist. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}
