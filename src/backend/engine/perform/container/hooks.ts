import { error, warning } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../../../docker/port.ts'
import { type StepContext, StepFailure } from '../../../../execute/step-context.ts'
import type { HookJournal } from '../../../journal.ts'
import { lineTeller } from '../../../output-lines.ts'
import { runtimeWords } from '../../../runtime-words.ts'
import { hasSucceeded } from '../../../state.ts'
import type { HookRun } from '../../action.ts'
import { collectFailureReport } from '../failure/failure-report.ts'
import type { Watch } from '../ready/watch.ts'
import { resolve } from '../resolve.ts'
import { type End, type Misfortune, missed } from './missed.ts'

const OUTPUT_LINES = 20

export interface HookTools {
  engine: Engine
  watch: Watch
  hooks?: HookJournal | undefined
}

/**
 * Runs a hook in its container; fails with the command's output. The journal records how many of a container's hooks have run. A
 * hook that is missed because the container's program has ended does not count as failed.
 */
export async function runHook(tools: HookTools, action: HookRun, context: StepContext): Promise<void> {
  const container = resolve(action.container, context)
  const misfortune = await run(tools.engine, action, container, context)
  const isMissed = misfortune && (await missed(tools, container, misfortune, context))
  if (isMissed) return tellMissed(tools.engine, action, { container, ...isMissed }, context)
  if (misfortune) throw await failed(tools.engine, action, container, misfortune)
  if (action.moment === 'post_start' && !action.mayEnd) noteDone(tools.hooks, container, action)
}

function noteDone(journal: HookJournal | undefined, container: string, { index, of }: HookRun): void {
  if (index + 1 < of) journal?.due(container, index + 1)
  else journal?.done(container)
}

/** @returns the reason for a failure; `undefined` on success */
async function run(
  engine: Engine,
  action: HookRun,
  container: string,
  context: StepContext,
): Promise<Misfortune | undefined> {
  const teller = lineTeller(context)
  try {
    const ended = await engine.exec(container, action.exec, context.signal, teller.add)
    teller.end()
    return ended.exitCode === 0 ? undefined : ended
  } catch (thrown) {
    if (thrown instanceof EngineError && thrown.isRefusal) return { refusal: thrown }
    throw thrown
  }
}

/**
 * Missing a hook is fine for a container that was being stopped and for a completed one-off container, but not for a service that
 * crashed.
 */
async function tellMissed(
  engine: Engine,
  { service, moment, command, mayEnd, waiting }: HookRun,
  { container, end }: { container: string; end: End },
  context: StepContext,
): Promise<void> {
  if (moment === 'pre_stop' || mayEnd) return
  if (!end) throw new StepFailure(error('moved', 'the container was removed meanwhile'))
  const hook = `its ${moment} hook \`${foreign(command)}\``
  if (hasSucceeded(end))
    return context.warn(
      warning('hook-failed', `${service}: ${hook} did not run, because the program had already ended`),
    )
  const problem = error('container-exited', `${service} ended with exit code ${end.exitCode} before ${hook} had run`)
  throw new StepFailure(problem, await collectFailureReport(engine, { service, container, waiting, tries: [] }))
}

async function failed(
  engine: Engine,
  { service, moment, command, waiting }: HookRun,
  container: string,
  misfortune: Misfortune,
): Promise<StepFailure> {
  // A missing container is reported as such, and the caller observes again.
  if ('refusal' in misfortune && misfortune.refusal.kind === 'gone') throw misfortune.refusal
  const tries = [`look at \`${moment}\` of service "${service}": it runs inside the container`]
  const reported = moment === 'pre_stop' ? [] : tries
  const { log, ...report } = await collectFailureReport(engine, { service, container, waiting, tries: reported })
  const lines = 'output' in misfortune ? linesOf(misfortune.output) : []
  const shown = lines.length > 0 ? lines : log
  const problem = error('hook-failed', `${service}: the ${moment} hook \`${foreign(command)}\` ${howOf(misfortune)}`)
  const cause = 'refusal' in misfortune ? { cause: misfortune.refusal } : undefined
  return new StepFailure(problem, { ...report, ...(shown && { log: shown }) }, cause)
}

function howOf(misfortune: Misfortune): string {
  return 'exitCode' in misfortune
    ? `ended with exit code ${misfortune.exitCode}`
    : `cannot be run: ${foreign(runtimeWords(misfortune.refusal.message))}`
}

function linesOf(output: string): string[] {
  return output
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-OUTPUT_LINES)
}
