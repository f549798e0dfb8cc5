import { StackError } from '../diagnostics/checked.ts'
import type { Project } from '../project/project.ts'
import { desiredStateOf } from '../project/record-desired-state.ts'
import { type GuardedStack, guardedStackOf } from './guarded-stack.ts'
import { Guardian } from './guardian.ts'
import { watchFiles } from './watch-files.ts'

export interface GuardOptions {
  /** The services that are guarded; empty: all. */
  services: readonly string[]
  /** The project once more, for its files to be read again. */
  reopen(): Project
  /** One sentence about what happened, and what is done about it. */
  say(text: string): void
  /** Called once, when everything was looked at for the first time, or the engine turned out not to answer. */
  onReady?(): void
}

/**
 * Guards a stack until the project's signal aborts. Holding the guard's lock (guard-lock.ts). The project's own lock is held during each round of
 * looking and repairing, and released in between.
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

/** Undefined where the files say the same as before, or cannot be understood: then what was read before still counts. */
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
