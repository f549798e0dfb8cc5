import { error } from '../../../../diagnostics/diagnostic.ts'
import type { ContainerDetail, Engine } from '../../../../docker/port.ts'
import { type StepContext, StepFailure } from '../../../../execute/step-context.ts'
import { hasExited, isRestarting } from '../../../state.ts'
import type { Awaited, EngineActions } from '../../action.ts'
import { collectFailureReport } from '../failure/failure-report.ts'
import { resolve } from '../resolve.ts'
import { judge } from './verdict.ts'

interface Fallen {
  service: string
  container: string
  code: 'container-exited' | 'container-unhealthy'
  why: string
}

/** Fails with the report of the first container that is no longer running, and lists the others. */
export async function checkRunning(
  engine: Engine,
  { containers }: EngineActions['check-running'],
  context: StepContext,
): Promise<void> {
  const looks = containers.filter(({ wait }) => !wait || !context.hasFailed(wait))
  const found = await Promise.all(looks.map((each) => look(engine, each, context)))
  const [first, ...others] = found.filter((each) => each !== undefined)
  if (!first) return
  for (const { service, code, why } of others) context.warn(error(code, `${service} ${why}`))
  const { service, container, code, why } = first
  const report = await collectFailureReport(engine, { service, container, waiting: [], tries: [] })
  throw new StepFailure(error(code, `${service} ${why}`), report)
}

async function look(engine: Engine, awaited: Awaited, context: StepContext): Promise<Fallen | undefined> {
  const container = resolve(awaited.container, context)
  const detail = await engine.inspectContainer(container, context.signal)
  // The command's own checks handle containers that someone else removed or stopped.
  if (!detail || (await wasStopped(engine, detail, context))) return undefined
  const { restarts } = awaited.wait ? context.outputOf(awaited.wait) : {}
  const fall = fallOf(detail, typeof restarts === 'number' ? restarts : undefined)
  return fall && { service: awaited.service, container, ...fall }
}

function fallOf(detail: ContainerDetail, restarts = detail.restartCount): Pick<Fallen, 'code' | 'why'> | undefined {
  const verdict = judge(detail, 'running_or_healthy')
  if (verdict && !verdict.ready) return { code: verdict.code, why: `${verdict.why}, after it was ready` }
  if (isRestarting(detail))
    return { code: 'container-exited', why: `ended with exit code ${detail.exitCode}, and the engine starts it again` }
  if (detail.restartCount <= restarts) return undefined
  return { code: 'container-exited', why: 'ended after it was ready, and the engine has started it again' }
}

/** Milliseconds: the engine reports a stop right after the end. */
const STOP_FOLLOWS_MS = 500

/** A container that ended by itself has no `stop` event after its end, as far as the engine remembers. */
async function wasStopped(engine: Engine, detail: ContainerDetail, { signal }: StepContext): Promise<boolean> {
  if (!hasExited(detail) || !detail.startedAt || !detail.finishedAt) return false
  const until = Date.parse(detail.finishedAt) + STOP_FOLLOWS_MS
  const past = { since: Date.parse(detail.startedAt) / 1000, until: until / 1000 }
  for await (const { id, action } of await engine.events({ types: ['container'], past }, signal))
    if (id === detail.id && action === 'stop') return true
  return false
}
