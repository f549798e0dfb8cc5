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
  const bursts = new Bursts(clock, signal)
  const watcher = watch([...roots.keys()], {
    ignoreInitial: true,
    // A link is copied as a link: its target is only watched if a rule names it.
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: (path) => isIgnored(rules, asNamed(roots, path)),
  })
  watcher.on('error', (thrown) => bursts.fail(thrown as Error)).on('all', (_, path) => bursts.add(asNamed(roots, path)))
  await bursts.orSooner(new Promise<void>((resolve) => watcher.once('ready', resolve)))
  return { next: () => bursts.next(), close: () => watcher.close() }
}

/** Collects paths that change at about the same time. */
class Bursts {
  readonly #changed = new Set<string>()
  readonly #news = new Wakeup()
  #failure: Error | undefined

  constructor(
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  add(path: string): void {
    this.#changed.add(path)
    this.#news.ring()
  }

  fail(failure: Error): void {
    this.#failure = failure
    this.#news.ring()
  }

  /** Waits until it is ready, or for a change, a failure, which is thrown, or the signal. */
  async orSooner(ready: Promise<void>): Promise<void> {
    await Promise.race([ready, aborted(this.signal), this.#news.next(this.signal)])
    if (this.#changed.size > 0) this.#news.ring()
    this.#throwFailure()
  }

  async next(): Promise<string[]> {
    const { clock, signal } = this
    while (this.#changed.size === 0) {
      await this.#news.next(signal)
      this.#throwFailure()
    }
    const began = clock.now()
    for (let count = -1; count !== this.#changed.size && clock.now() - began < LONGEST; ) {
      count = this.#changed.size
      await clock.sleep(QUIET, signal)
    }
    const burst = [...this.#changed]
    this.#changed.clear()
    return burst
  }

  #throwFailure(): void {
    if (this.#failure) throw unwatched(this.#failure)
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
