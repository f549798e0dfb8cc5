import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../../../docker/port.ts'
import { type Scope, StepFailure } from '../../../../execute/step-context.ts'
import type { HookJournal } from '../../../journal.ts'
import { runtimeWords } from '../../../runtime-words.ts'
import type { HookRun } from '../../action.ts'
import { collectDossier } from '../failure/dossier.ts'
import { resolve } from '../resolve.ts'
import { lineTeller } from './output-lines.ts'

const OUTPUT_LINES = 20

/** Runs a hook in its container; fails with what the command printed. The journal knows how far a container's hooks have come. */
export async function runHook(
  engine: Engine,
  journal: HookJournal | undefined,
  action: HookRun,
  scope: Scope,
): Promise<void> {
  const container = resolve(action.container, scope)
  try {
    await runIn(engine, action, container, scope)
  } catch (thrown) {
    if (!action.mayEnd || (await engine.inspectContainer(container, scope.signal))?.running) throw thrown
  }
  if (action.moment === 'post_start' && !action.mayEnd) noteDone(journal, container, action)
}

async function runIn(engine: Engine, action: HookRun, container: string, scope: Scope): Promise<void> {
  const { exitCode, output } = await started(engine, action, container, scope)
  const lines = linesOf(output)
  if (exitCode !== 0) throw await failed(engine, action, container, `ended with exit code ${exitCode}`, lines)
}

function noteDone(journal: HookJournal | undefined, container: string, { index, of }: HookRun): void {
  if (index + 1 < of) journal?.due(container, index + 1)
  else journal?.done(container)
}

async function started(engine: Engine, action: HookRun, container: string, scope: Scope) {
  const teller = lineTeller(scope)
  try {
    const ended = await engine.exec(container, action.exec, scope.signal, teller.add)
    teller.end()
    return ended
  } catch (thrown) {
    // 409: the container does not run, or not any more.
    if (!(thrown instanceof EngineError) || !thrown.isRefusal || thrown.kind === 'gone') throw thrown
    throw await failed(engine, action, container, `cannot be run: ${foreign(runtimeWords(thrown.message))}`, [], thrown)
  }
}

async function failed(
  engine: Engine,
  { service, moment, command, waiting }: HookRun,
  container: string,
  how: string,
  lines: string[],
  cause?: Error,
): Promise<StepFailure> {
  const tries = [`look at \`${moment}\` of service "${service}": it runs inside the container`]
  const told = moment === 'pre_stop' ? [] : tries
  const { log, ...dossier } = await collectDossier(engine, { service, container, waiting, tries: told })
  const shown = lines.length > 0 ? lines : log
  const problem = error('hook-failed', `${service}: the ${moment} hook \`${foreign(command)}\` ${how}`)
  return new StepFailure(problem, { ...dossier, ...(shown && { log: shown }) }, cause && { cause })
}

function linesOf(output: string): string[] {
  return output
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-OUTPUT_LINES)
}
