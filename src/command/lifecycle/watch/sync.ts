import { lstat } from 'node:fs/promises'
import { packEntries } from '../../../archive/pack.ts'
import { tarEnd } from '../../../archive/tar.ts'
import { capabilityOf } from '../../../backend/capability.ts'
import { lineTeller } from '../../../backend/output-lines.ts'
import type { Replica } from '../../../backend/read/containers.ts'
import type { Reader } from '../../../backend/reader.ts'
import type { Session } from '../../../backend/session.ts'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { warning } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import type { Rule } from './rules.ts'
import type { Synced } from './synced.ts'
import type { Mapping } from './work.ts'

/** The container's user owns all files; without one, root does, rather than the local user. */
const OWNER = { uid: 0, gid: 0 }
const MOST_ARGUMENTS = 500

/** Synchronises changed files into a container: copies files that exist here, and removes the others there. */
export async function syncInto(context: Context, replica: Replica, mappings: readonly Mapping[]): Promise<Synced> {
  const found = await Promise.all(mappings.map(async (each) => ({ ...each, kind: await kindOf(each.from) })))
  const reader = await context.project.reader()
  const stale = await Promise.all(
    found.map(async ({ kind, to }) => !kind || (await isOther(reader, replica, to, kind, context.signal))),
  )
  const gone = await remove(
    context,
    replica,
    found.filter((_, at) => stale[at]).map(({ to }) => to),
  )
  const there = found.filter(({ kind }) => kind !== undefined)
  const packed = new Set<string>()
  if (there.length > 0)
    await capabilityOf(reader, 'files').writeArchive(
      replica.id,
      '/',
      archiveOf(context, there, packed),
      { asUser: true },
      context.signal,
    )
  const copied = (isFolder: boolean) =>
    there.flatMap(({ kind, to }) => ((kind === 'directory') === isFolder && packed.has(to) ? [to] : []))
  const kept = new Set(there.map(({ to }) => to))
  return { files: copied(false), folders: copied(true), removed: gone.filter((to) => !kept.has(to)) }
}

/** Copies all of a rule's files initially. */
export async function syncWhole(context: Context, replica: Replica, rule: Rule): Promise<void> {
  const reader = await context.project.reader()
  const kind = await kindOf(rule.path)
  if (!kind) return
  const target = (rule.target ?? '/').replace(/^\/+|\/+$/g, '')
  const isThere = await capabilityOf(reader, 'files').statPath(replica.id, `/${target}`, context.signal)
  const { verdict } = rule
  async function* archive() {
    if (kind === 'directory' && !isThere) yield* packEntries(rule.path, { name: target, owner: OWNER, shallow: true })
    yield* packEntries(rule.path, { name: kind === 'directory' ? '' : target, prefix: target, owner: OWNER, verdict })
    yield tarEnd()
  }
  await capabilityOf(reader, 'files').writeArchive(replica.id, '/', archive(), { asUser: true }, context.signal)
}

async function kindOf(path: string): Promise<'directory' | 'other' | undefined> {
  const info = await lstat(path).catch(() => undefined)
  return info && (info.isDirectory() ? 'directory' : 'other')
}

/** Whether the container has an entry of another type at the path, which must be removed first. */
async function isOther(
  reader: Reader,
  { id }: Replica,
  path: string,
  kind: 'directory' | 'other',
  signal: AbortSignal,
): Promise<boolean> {
  const there = await capabilityOf(reader, 'files').statPath(id, path, signal)
  return there !== undefined && (there.type === 'directory') !== (kind === 'directory')
}

/**
 * Skips a file that cannot be read or has disappeared.
 * @param packed gets the paths of the others
 */
async function* archiveOf(
  context: Context,
  mappings: readonly Mapping[],
  packed: Set<string>,
): AsyncGenerator<Uint8Array> {
  for (const { from, to } of mappings) {
    try {
      yield* packEntries(from, { name: to.slice(1), owner: OWNER, shallow: true })
      packed.add(to)
    } catch (thrown) {
      await report(context, `${foreign(from)} is not synced: ${foreign((thrown as Error).message)}`)
    }
  }
  yield tarEnd()
}

/** The engine's API cannot remove files, so a program in the container does. Resolves to the paths that are gone. */
async function remove(context: Context, { id, name }: Replica, paths: readonly string[]): Promise<string[]> {
  const gone: string[] = []
  const reader = await context.project.reader()
  for (let at = 0; at < paths.length; at += MOST_ARGUMENTS) {
    const some = paths.slice(at, at + MOST_ARGUMENTS)
    const command = ['rm', '-rf', '--', ...some]
    const code = await ran(context, reader, id, { command, user: '0' }).catch((thrown) => {
      if (thrown instanceof StackError && !context.signal.aborted) return 1
      throw thrown
    })
    if (code === 0) gone.push(...some)
    else await report(context, `${name} keeps files that were removed here: rm does not work in it`)
  }
  return gone
}

interface Program {
  command: string[]
  user?: string | undefined
  workingDir?: string | undefined
  privileged?: boolean | undefined
  env?: string[]
}

/** Runs a program in a container and prints its output in whole lines. Resolves to its exit code. */
export async function ran(context: Context, reader: Reader, id: string, program: Program): Promise<number> {
  const { command, user, workingDir, privileged = false, env = [] } = program
  const given = { ...(user !== undefined && { user }), ...(workingDir !== undefined && { workingDir }) }
  const request = { command, env, privileged, tty: false, stdin: false, ...given }
  const session = await reader.exec(id, request, { clock: context.terminal.clock, signal: context.signal })
  await printLines(context, session.output)
  return session.exitCode()
}

/** Prints above what stays at the end of the terminal: a live list, the menu of `up`. */
async function printLines(context: Context, output: Session['output']): Promise<void> {
  const { beside } = await context.view()
  const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
  const teller = lineTeller({ print: (stream, lines) => beside(() => context.pass({ stream, text: textOf(lines) })) })
  try {
    for await (const chunk of output) teller.add(chunk)
  } finally {
    teller.end()
  }
}

export async function report(context: Context, message: string): Promise<void> {
  const view = await context.view()
  view.problems([warning('watch-failed', message)])
}
