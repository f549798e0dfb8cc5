import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { Clock } from '../../../execute/step-context.ts'
import { Wakeup } from '../../../util/async.ts'
import { below, type Rule } from './rules.ts'

/** Milliseconds without a change that end a burst of changes, and the maximum duration of a burst. */
const QUIET = 300
const LONGEST = 5_000

/** Changed paths, burst by burst. */
export interface Changes {
  /** Resolves at the end of a burst. Later changes belong to the next burst. */
  next(): Promise<string[]>
  close(): Promise<void>
}

/** Resolves once the watch is active: no later change of the rules' files is missed. Throws a StackError if they cannot be watched. */
export async function changesOf(rules: readonly Rule[], clock: Clock, signal: AbortSignal): Promise<Changes> {
  const [{ watch }, roots] = await Promise.all([import('chokidar'), realRoots(rules)])
  const changed = new Set<string>()
  const news = new Wakeup()
  let failure: Error | undefined
  const watcher = watch([...roots.keys()], {
    ignoreInitial: true,
    // A link is copied as a link: its target is only watched if a rule names it.
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: (path) => isIgnored(rules, asNamed(roots, path)),
  })
  const fail = (thrown: unknown) => {
    failure = thrown as Error
    news.ring()
  }
  watcher.on('error', fail).on('all', (_, path) => {
    changed.add(asNamed(roots, path))
    news.ring()
  })
  const close = () => watcher.close()
  await Promise.race([
    new Promise<void>((resolve) => watcher.once('ready', resolve)),
    aborted(signal),
    news.next(signal),
  ])
  if (changed.size > 0) news.ring()
  if (failure) throw unwatched(failure)
  return {
    close,
    async next() {
      while (changed.size === 0) {
        await news.next(signal)
        if (failure) throw unwatched(failure)
      }
      const began = clock.now()
      for (let count = -1; count !== changed.size && clock.now() - began < LONGEST; ) {
        count = changed.size
        await clock.sleep(QUIET, signal)
      }
      const burst = [...changed]
      changed.clear()
      return burst
    },
  }
}

/** The watched paths with links resolved, and the paths by which the rules name them. */
async function realRoots(rules: readonly Rule[]): Promise<Map<string, string>> {
  const paths = [...new Set(rules.map(({ path }) => path))]
  return new Map(await Promise.all(paths.map(async (path) => [await realpath(path).catch(() => path), path] as const)))
}

function asNamed(roots: ReadonlyMap<string, string>, path: string): string {
  for (const [real, named] of roots) {
    const inside = below(real, path)
    if (inside !== undefined && real !== named) return join(named, inside)
  }
  return path
}

/** Parent folders of a root belong to no rule and are not checked. */
function isIgnored(rules: readonly Rule[], path: string): boolean {
  return rules.every((rule) => rule.verdict(path) === 'ignored')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

const LIMITS: Readonly<Record<string, string>> = {
  ENOSPC: 'raise fs.inotify.max_user_watches (sysctl), or leave large folders out with ignore',
  EMFILE: 'raise fs.inotify.max_user_instances (sysctl) or the limit of open files (ulimit -n)',
}

function unwatched(failure: NodeJS.ErrnoException): StackError {
  const hint = LIMITS[failure.code ?? '']
  return new StackError([error('watch-failed', `files cannot be watched: ${failure.message}`, hint ? { hint } : {})])
}
