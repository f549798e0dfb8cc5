import { isAway } from '../../../../diagnostics/backend-error.ts'
import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../../../docker/port.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { remediesFor } from '../../../docker/remedies.ts'
import { runtimeWords } from '../../../runtime-words.ts'
import { isRestarting } from '../../../state.ts'
import type { EngineActions } from '../../action.ts'
import { addressHolder } from '../failure/address-holder.ts'
import { conflict } from '../failure/conflict.ts'
import { collectFailureReport } from '../failure/failure-report.ts'
import { portHolder } from '../failure/port-holder.ts'
import { resolve } from '../resolve.ts'

export async function startContainer(
  engine: Engine,
  action: EngineActions['start-container'],
  context: StepContext,
): Promise<StepOutput> {
  const container = resolve(action.container, context)
  try {
    await engine.startContainer(container)
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || isAway(thrown) || isGone(thrown)) throw thrown
    if (isBeingRemoved(thrown)) throw conflict('the container is being removed', thrown)
    throw await startFailed(engine, action, container, thrown)
  }
  if (action.back) await mustRun(engine, action, container, context)
  return {}
}

function isBeingRemoved({ kind, message }: EngineError): boolean {
  return kind === 'conflict' && /marked for removal/i.test(message)
}

/** Fails if the old container has ended again, so that it is not reported as running. */
async function mustRun(
  engine: Engine,
  { service, waiting }: EngineActions['start-container'],
  container: string,
  { signal }: StepContext,
): Promise<void> {
  const detail = await engine.inspectContainer(container, signal)
  if (!detail || detail.running || isRestarting(detail)) return
  const problem = error('start-failed', `the old container of ${service} ended again with exit code ${detail.exitCode}`)
  throw new StepFailure(problem, await collectFailureReport(engine, { service, container, waiting, tries: [] }))
}

/** Whether the container itself is gone, and not something that it needs. */
function isGone({ kind, message }: EngineError): boolean {
  return kind === 'gone' && /no such container/i.test(message)
}

async function startFailed(
  engine: Engine,
  { service, waiting }: EngineActions['start-container'],
  container: string,
  cause: EngineError,
): Promise<StepFailure> {
  const port = await portHolder(engine, container, cause.message)
  const address = port ? undefined : await addressHolder(engine, container, cause.message)
  const tries = port?.tries ?? address?.tries ?? remediesFor(cause.message)
  const report = await collectFailureReport(engine, { service, container, waiting, tries, isOfEarlierRun: true })
  if (port) {
    const problem = error(
      'port-in-use',
      `${service} cannot be started: host port ${port.port} is held by ${port.holder}`,
    )
    return new StepFailure(problem, { ...report, port: { port: port.port, holder: port.holder } }, { cause })
  }
  if (address) {
    const text = `${service} cannot be started: its address ${address.address} in network ${address.network} is held by ${address.holder}`
    return new StepFailure(error('address-in-use', text), report, { cause })
  }
  const words = await withNetworkName(engine, container, runtimeWords(cause.message))
  const message = `${service} cannot be started: ${foreign(words)}`
  return new StepFailure(error('start-failed', message), report, { cause })
}

/** The engine identifies a missing network by its id; this adds its name. */
async function withNetworkName(engine: Engine, container: string, message: string): Promise<string> {
  const [, id] = /network ([0-9a-f]{64})\b/.exec(message) ?? []
  if (id === undefined) return message
  const { networks = {} } = (await engine.inspectContainer(container).catch(() => undefined)) ?? {}
  const [name = id] = Object.entries(networks).find(([, { networkId }]) => networkId === id) ?? []
  return message.replaceAll(id, name)
}
