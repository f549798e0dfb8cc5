import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../../../docker/port.ts'
import type { ContainerSpec } from '../../../../docker/spec.ts'
import { type StepContext, StepFailure } from '../../../../execute/step-context.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import { OURS } from '../../../docker/labels.ts'
import type { BeforeStart } from '../../action.ts'
import { type WaitTools, waitReady } from '../ready/wait.ts'
import { resolve } from '../resolve.ts'
import { connectNetwork } from './connect.ts'
import { endpointsOf } from './create.ts'
import { putFiles } from './files.ts'
import { withProfiles } from './profiles.ts'

export interface BeforeStartTools extends WaitTools {
  contentOf(key: string): Uint8Array | undefined
}

/**
 * Runs a `pre_start` hook in its own container, which is always removed; if the command is killed, the next one finds the container
 * by its label. Fails with the container's report if the exit code is not 0.
 */
export async function runBeforeStart(
  tools: BeforeStartTools,
  action: BeforeStart,
  context: StepContext,
): Promise<void> {
  const container = await create(tools, action, context)
  try {
    await prepare(tools, action, container)
    await tools.engine.startContainer(container)
    await Promise.all([ended(tools, action, container, context), printLog(tools, container, context)])
  } catch (thrown) {
    throw context.signal.aborted ? thrown : failed(action, thrown)
  } finally {
    await tools.engine.removeContainer(container, { force: true, volumes: true })
  }
}

function ended(tools: BeforeStartTools, { service, waiting }: BeforeStart, container: string, context: StepContext) {
  const condition = 'service_completed_successfully'
  return waitReady(tools, { service, waiting, container, condition }, container, context)
}

/** Prints a hook's log; prints nothing if the log cannot be read. */
async function printLog(
  { engine }: BeforeStartTools,
  container: string,
  { signal, print }: StepContext,
): Promise<void> {
  try {
    const lines = engine.logs(container, { follow: true, timestamps: false }, signal)
    for await (const { stream, text } of lines) print(stream, [text])
  } catch {
    // The hook's result is reported elsewhere.
  }
}

async function create(
  { engine, contentOf }: BeforeStartTools,
  action: BeforeStart,
  context: StepContext,
): Promise<string> {
  const [first] = action.networks
  const { HostConfig: host } = action.spec
  const spec: ContainerSpec = {
    ...action.spec,
    HostConfig: {
      ...host,
      VolumesFrom: [...(host.VolumesFrom ?? []), resolve(action.volumesOf, context)],
      ...(first && { NetworkMode: first.name }),
    },
    ...(first && { NetworkingConfig: { EndpointsConfig: endpointsOf([first]) } }),
  }
  const { id } = await recreate(engine, action, withProfiles(spec, contentOf))
  return id
}

/** If a container of ours already has the name, it was left over after the plan was made. */
async function recreate(engine: Engine, { name, platform }: BeforeStart, spec: ContainerSpec): Promise<{ id: string }> {
  try {
    return await engine.createContainer(name, spec, platform)
  } catch (thrown) {
    const taken = thrown instanceof EngineError && thrown.kind === 'conflict'
    const holder = taken ? await engine.inspectContainer(name) : undefined
    if (!holder || !(OURS.hook in holder.labels)) throw thrown
    await engine.removeContainer(holder.id, { force: true, volumes: true })
    return engine.createContainer(name, spec, platform)
  }
}

async function prepare({ engine, contentOf }: BeforeStartTools, action: BeforeStart, id: string) {
  for (const { name, endpoint } of action.networks.slice(1)) await connectNetwork(engine, name, id, endpoint)
  if (action.files.length > 0) await putFiles(engine, id, action.files, contentOf)
}

function failed({ service, index, command }: BeforeStart, thrown: unknown): unknown {
  const isStory = thrown instanceof StepFailure
  if (!isStory && !(thrown instanceof EngineError && thrown.isRefusal)) return thrown
  const how = thrown.message.replace(new RegExp(`^${service.replaceAll(/[^\w]/g, '\\$&')} `), '')
  const problem = error(
    'hook-failed',
    `${service}: the hook pre_start[${index}] \`${foreign(command)}\` ${isStory ? how : `cannot be run: ${foreign(how)}`}`,
  )
  const tries = [`look at \`pre_start\` of service "${service}"; the service itself was not started`]
  const report = isStory ? thrown.report : undefined
  return new StepFailure(
    problem,
    { subject: serviceAddress(service), ...report, tries: [...(report?.tries ?? []), ...tries] },
    { cause: thrown },
  )
}
