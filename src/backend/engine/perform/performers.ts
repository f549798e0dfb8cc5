import { availableParallelism } from 'node:os'
import { isAway } from '../../../diagnostics/backend-error.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../../docker/port.ts'
import { type Perform, type Performers, performWith, StepFailure } from '../../../execute/step-context.ts'
import { semaphore } from '../../../util/semaphore.ts'
import { buildImage } from '../../docker/images.ts'
import { withProxies } from '../../docker/proxies.ts'
import { pullImage, pushImage, removeImage } from '../../docker/registry-images.ts'
import { remediesFor } from '../../docker/remedies.ts'
import type { Journal } from '../../journal.ts'
import type { ContainerListener } from '../../options.ts'
import type { Programs } from '../../programs.ts'
import type { EngineAction, EngineActions } from '../action.ts'
import { containerSession } from '../read/session.ts'
import { runBeforeStart } from './container/before-start.ts'
import { connectNetwork, disconnectNetwork } from './container/connect.ts'
import { createContainer } from './container/create.ts'
import { putFiles } from './container/files.ts'
import { runHook } from './container/hooks.ts'
import { pauseContainer, unpauseContainer } from './container/pause.ts'
import { renameContainer } from './container/rename.ts'
import { noticeSlowCalls } from './container/slow-call-notice.ts'
import { startContainer } from './container/start.ts'
import { killContainer, removeContainer, stopContainer } from './container/stop.ts'
import { withCountdown } from './container/stop-countdown.ts'
import { notingCreations } from './creations.ts'
import { removedMeanwhile } from './failure/conflict.ts'
import { stopThrottle } from './failure/stop-throttle.ts'
import { checkRunning } from './ready/last-look.ts'
import { judgeUpdate, monitor } from './ready/monitor.ts'
import { waitReady } from './ready/wait.ts'
import { waitGone } from './ready/wait-gone.ts'
import type { Watch } from './ready/watch.ts'
import { resolve } from './resolve.ts'
import { reportData } from './resource/data.ts'
import { checkDatabase } from './resource/database.ts'
import { prepareModel } from './resource/model.ts'
import { createNetwork, removeNetwork } from './resource/networks.ts'
import { gatherEnvironment, runProvider } from './resource/provider.ts'
import { createVolume, removeVolume } from './resource/volumes.ts'

export interface PerformOptions {
  watch: Watch
  journal: Journal
  programs?: Programs
  containers?: ContainerListener
  /** The content of a secret, a config or another file, by `secret/NAME`, `config/NAME` or `file/PATH`. */
  contentOf(key: string): Uint8Array | undefined
}

/** One short function per action; all decisions were made in planning. */
export function enginePerform(given: Engine, options: PerformOptions): Perform<EngineAction> {
  const { watch, journal } = options
  const engine = notingCreations(withProxies(given), journal.creations)
  // A probe costs 50 to 65 ms of processor time: half the processors stay free for the services.
  const probes = semaphore(Math.max(1, Math.floor(availableParallelism() / 2)))
  const ending = stopThrottle()
  const performers: Performers<EngineActions> = {
    'create-network': (action) => createNetwork(engine, action),
    'remove-network': async ({ id, name }) => nothing(removeNetwork(engine, id, name)),
    'create-volume': async (action) => nothing(createVolume(engine, action)),
    'remove-volume': async (action) => nothing(removeVolume(engine, action)),
    'pull-image': (action, context) => pullImage(engine, action, context),
    'push-image': async (action, context) => nothing(pushImage(engine, action, context)),
    'remove-image': async (action, context) => nothing(removeImage(engine, action, context)),
    'build-image': (action, context) => buildImage(engine, action, context, options.contentOf),
    'create-container': async (action, context) => {
      const output = await createContainer(engine, action, context, options.contentOf)
      options.containers?.created(action.name, String(output.containerId))
      return output
    },
    'connect-network': async ({ network, container, endpoint, returning }, context) => {
      const id = resolve(container, context)
      await connectNetwork(engine, resolve(network, context), id, endpoint)
      if (returning !== undefined) journal.networks?.joined(id, returning)
      return {}
    },
    'disconnect-network': async ({ network, container, leaving }, context) => {
      const id = resolve(container, context)
      if (leaving) journal.networks?.left({ container: id, ...leaving })
      return nothing(disconnectNetwork(engine, resolve(network, context), id))
    },
    'put-files': async ({ container, files }, context) =>
      nothing(putFiles(engine, resolve(container, context), files, options.contentOf)),
    'attach-container': async ({ container, ...manner }, context) => {
      const session = await containerSession(engine, resolve(container, context), manner, context)
      options.containers?.attached(session)
      return {}
    },
    'start-container': (action, context) => {
      if (action.hooks) journal.hooks?.due(resolve(action.container, context), 0)
      return startContainer(engine, action, context)
    },
    'run-hook': async (action, context) => nothing(runHook({ engine, watch, hooks: journal.hooks }, action, context)),
    'run-provider': (action, context) => runProvider(options.programs, action, context),
    'prepare-model': (action, context) => prepareModel(options.programs, action, context),
    'gather-environment': async (action, context) => gatherEnvironment(action, context),
    'run-before-start': async (action, context) =>
      nothing(runBeforeStart({ engine, watch, probes, contentOf: options.contentOf }, action, context)),
    'stop-container': async ({ container, grace }, context) => {
      const stop = () => stopContainer(engine, journal, resolve(container, context), grace)
      return nothing(ending(context.clock, () => withCountdown(grace, context, stop())))
    },
    'kill-container': async ({ container, signal }, context) =>
      nothing(killContainer(engine, resolve(container, context), signal)),
    'pause-container': async ({ container }, context) => nothing(pauseContainer(engine, resolve(container, context))),
    'unpause-container': async ({ container }, context) =>
      nothing(unpauseContainer(engine, resolve(container, context))),
    'remove-container': async ({ container, volumes, force }, context) => {
      const id = resolve(container, context)
      await ending(context.clock, () => removeContainer(engine, journal, id, { volumes, force }))
      journal.hooks?.done(id)
      journal.networks?.gone(id)
      return {}
    },
    'rename-container': async ({ container, name }, context) =>
      nothing(renameContainer(engine, resolve(container, context), name)),
    'set-restart-policy': async ({ container, policy }) => nothing(engine.setRestartPolicy(container, policy)),
    pause: async ({ ms }, { clock, signal }) => nothing(clock.sleep(ms, signal)),
    monitor: async (action, context) =>
      nothing(monitor({ engine, watch }, action, resolve(action.container, context), context)),
    'report-data': async (action, context) =>
      nothing(reportData(engine, action, resolve(action.container, context), context)),
    'check-database': (action, context) => checkDatabase(engine, action, resolve(action.container, context), context),
    'judge-update': async (action, context) => judgeUpdate(action, context),
    'wait-gone': async ({ container }, context) => nothing(waitGone(engine, watch, container, context)),
    'wait-ready': (action, context) =>
      waitReady({ engine, watch, probes }, action, resolve(action.container, context), context),
    'check-running': async (action, context) => nothing(checkRunning(engine, action, context)),
  }
  return noticing(noticeSlowCalls(performWith(performers)))
}

/** Something that existed when the plan was made and is now gone was removed by someone else. */
function noticing(perform: Perform<EngineAction>): Perform<EngineAction> {
  return async (action, context) => {
    try {
      return await perform(action, context)
    } catch (thrown) {
      throw isAway(thrown) ? thrown : isGone(thrown) ? removedMeanwhile(thrown) : remedied(thrown)
    }
  }
}

/** The engine's error, with a hint if there is one for its message. */
function remedied(thrown: unknown): unknown {
  const [hint] = thrown instanceof EngineError ? remediesFor(thrown.message) : []
  if (!(thrown instanceof EngineError) || !hint) return thrown
  return new StepFailure(error('engine-error', foreign(thrown.message), { hint }), undefined, { cause: thrown })
}

async function nothing(done: Promise<void>): Promise<Record<string, never>> {
  await done
  return {}
}

function isGone(thrown: unknown): thrown is Error {
  return thrown instanceof EngineError && thrown.kind === 'gone' && !/image|plugin ".*" not found/i.test(thrown.message)
}
