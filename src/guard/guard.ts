import { StackError } from '../diagnostics/checked.ts'
import type { Project } from '../project/project.ts'
import { desiredStateOf } from '../project/record-desired-state.ts'
import { type GuardedStack, guardedStackOf } from './guarded-stack.ts'
import { Guardian } from './guardian.ts'
import { watchFiles } from './watch-files.ts'

export interface GuardOptions {
  /** The guarded services; empty: all. */
  services: readonly string[]
  /** Reopens the project, to read its files again. */
  reopen(): Project
  /** Reports, in one sentence, an event and the reaction to it. */
  say(text: string): void
  /** Called once: after the first round, or when the engine turns out not to answer. */
  onReady?(): void
}

/**
 * Guards a stack until the project's signal aborts. Requires the guard's lock (guard-lock.ts). Takes the project's own lock for each
 * round of observation and repair, and releases it in between.
 */
export async function guardStack(first: GuardedStack, options: GuardOptions): Promise<void> {
  const { project } = first
  const { say, onReady } = options
  const [name, reader, store] = await Promise.all([project.name(), project.reader(), desiredStateOf(project)])
  let guarded = first
  const guardian = new Guardian({
    guarded: () => guarded,
    project,
    name,
    reader,
    store,
    say,
    onReady() {
      say(`guarding ${name}: ${guarded.services.join(', ')}`)
      onReady?.()
    },
  })
  const onChange = async () => {
    const read = await readAgain(guarded, options)
    if (read) guarded = read
    if (read) guardian.stackChanged()
  }
  const unwatch = watchFiles(first.files, () => void onChange())
  try {
    await guardian.run()
    say(`no longer guarding ${name}`)
  } finally {
    unwatch()
  }
}

/** Undefined if the files are unchanged or invalid: then the previous stack stays in effect. */
async function readAgain(before: GuardedStack, options: GuardOptions): Promise<GuardedStack | undefined> {
  const project = options.reopen()
  try {
    const read = await guardedStackOf(project, options.services)
    return JSON.stringify(read.loaded.stack) === JSON.stringify(before.loaded.stack) ? undefined : read
  } catch (thrown) {
    if (!(thrown instanceof StackError)) throw thrown
    options.say('the stack file is invalid now; the last valid version stays in effect')
    await project.notify({ kind: 'problems', problems: thrown.diagnostics })
    return undefined
  }
}
