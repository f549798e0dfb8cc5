import type { Replica } from '../../backend/read/containers.ts'
import { hasSucceeded, isRestarting } from '../../backend/state.ts'
import type { Context } from '../../cli/context.ts'
import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { isAwaited } from '../../guard/problem.ts'
import { replicaName } from '../../project/replicas.ts'
import type { Stack } from '../../stack/model.ts'
import type { Done } from './run-or-preview.ts'

/** Reports containers that were started but are no longer running, except completed jobs that others wait for. */
export async function reportFallen(context: Context, { declared, plan, fallen }: Done): Promise<void> {
  const odd = fallen.filter((each) => !hasDone(declared.stack, each))
  const done = odd.filter(hasSucceeded)
  if (done.length > 0)
    (await context.view()).say(`already ended, with exit code 0: ${done.map(replicaName).join(', ')}`)
  const problems = odd.filter((each) => !hasSucceeded(each)).map(problemOf)
  await context.project.warn(problems.filter(({ message }) => !plan.notes.some((note) => note.message === message)))
}

function hasDone(stack: Stack, replica: Replica): boolean {
  return hasSucceeded(replica) && isAwaited(stack, replica.service)
}

function problemOf(replica: Replica): Diagnostic {
  const { exitCode, service } = replica
  const code = exitCode === undefined ? '' : ` with exit code ${exitCode}`
  const fate = isRestarting(replica)
    ? `keeps ending${code}, and the engine starts it again`
    : `has ended${code} already`
  return warning('container-exited', `${replicaName(replica)} ${fate}`, { hint: ownCommand(`logs ${service}`) })
}
