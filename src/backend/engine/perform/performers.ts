import { availableParallelism } from 'node:os'
import { isAway } from '../../../diagnostics/backend-error.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../../docker/port.ts'
import { type Perform, type Performers, performWith, StepFailure } from '../../../execute/step-context.ts'
import { buildImage, pullImage } from '../../docker/images.ts'
import { remediesFor } from '../../docker/remedies.ts'
import type { Journal } from '../../journal.ts'
import type { ContainerListener } from '../../options.ts'
import type { Programs } from '../../programs.ts'
import type { EngineAction, EngineActions } from '../action.ts'
import { containerSession } from '../read/session.ts'
import { attending } from './container/attending.ts'
import { runBeforeStart } from './container/before-start.ts'
import { connectNetwork, disconnectNetwork } from './container/connect.ts'
import { countingDown } from './container/countdown.ts'
import { createContainer } from './container/create.ts'
import { putFiles } from './container/files.ts'
import { runHook } from './container/hooks.ts'
import { pauseContainer, unpauseContainer } from './container/pause.ts'
import { renameContainer } from './container/rename.ts'
import { startContainer } from './container/start.ts'
import { killContainer, removeContainer, stopContainer } from './container/stop.ts'
import { endings } from './failure/endings.ts'
import { gone } from './failure/moved.ts'
import { checkRunning } from './ready/last-look.ts'
import { judgeUpdate, monitor } from './ready/monitor.ts'
import { gate } from './ready/semaphore.ts'
import { waitGone, waitReady } from './ready/wait.ts'
import type { Watch } from './ready/watch.ts'
import { resolve } from './resolve.ts'
import { tellOfData } from './resource/data.ts'
import { checkDatabase, createVolume } from './resource/database.ts'
import { prepareModel } from './resource/model.ts'
import { createNetwork, removeNetwork } from './resource/networks.ts'
import { gatherEnvironment, runProvider } from './resource/provider.ts'
import { removeVolume } from './resource/volumes.ts'

export interface PerformOptions {
  watch: Watch
  journal: Journal
  programs?: Programs
  containers?: ContainerListener
  /** What a secret, a config or another file holds, by `secret/NAME`, `config/NAME` or `file/PATH`. */
  contentOf(key: string): Uint8Array | undefined
}

/** One short function an action; deciding was done before. */
export function enginePerform(engine: Engine, options: PerformOptions): Perform<EngineAction> {
  const { watch, journal } = options
  // A probe costs 50 to 65 ms of processor time: half the processors stay free for the services.
  const probes = gate(Math.max(1, Math.floor(availableParallelism() / 2)))
  const ending = endings()
  const performers: Performers<EngineActions> = {
    'create-network': (action) => createNetwork(engine, action),
    'remove-network': async ({ id, name }) => nothing(removeNetwork(engine, id, name)),
    'create-volume': async (action) => nothing(createVolume(engine, action)),
    'remove-volume': async ({ name }) => nothing(removeVolume(engine, name)),
    'pull-image': (action, scope) => pullImage(engine, action, scope),
    'build-image': (action, scope) => buildImage(engine, action, scope, options.contentOf),
    'create-container': async (action, scope) => {
      const output = await createContainer(engine, action, scope, options.contentOf)
      options.containers?.created(action.name, String(output.containerId))
      return output
    },
    'connect-network': async ({ network, container, endpoint, returning }, scope) => {
      const id = resolve(container, scope)
      await connectNetwork(engine, resolve(network, scope), id, endpoint)
      if (returning !== undefined) journal.networks?.joined(id, returning)
      return {}
    },
    'disconnect-network': async ({ network, container, leaving }, scope) => {
      const id = resolve(container, scope)
      if (leaving) journal.networks?.left({ container: id, ...leaving })
      return nothing(disconnectNetwork(engine, resolve(network, scope), id))
    },
    'put-files': async ({ container, files }, scope) =>
      nothing(putFiles(engine, resolve(container, scope), files, options.contentOf)),
    'attach-container': async ({ container, ...manner }, scope) => {
      const { clock, signal } = scope
      const session = await containerSession(engine, resolve(container, scope), manner, clock, signal)
      options.containers?.attached(session)
      return {}
    },
    'start-container': (action, scope) => {
      if (action.hooks) journal.hooks?.due(resolve(action.container, scope), 0)
      return startContainer(engine, action, scope)
    },
    'run-hook': async (action, scope) => nothing(runHook({ engine, watch, hooks: journal.hooks }, action, scope)),
    'run-provider': (action, scope) => runProvider(options.programs, action, scope),
    'prepare-model': (action, scope) => prepareModel(options.programs, action, scope),
    'gather-environment': async (action, scope) => gatherEnvironment(action, scope),
    'run-before-start': async (action, scope) =>
      nothing(runBeforeStart({ engine, watch, gate: probes, contentOf: options.contentOf }, action, scope)),
    'stop-container': async ({ container, grace }, scope) => {
      const stop = () => stopContainer(engine, journal, resolve(container, scope), grace)
      return nothing(ending(scope.clock, () => countingDown(grace, scope, stop())))
    },
    'kill-container': async ({ container, signal }, scope) =>
      nothing(killContainer(engine, resolve(container, scope), signal)),
    'pause-container': async ({ container }, scope) => nothing(pauseContainer(engine, resolve(container, scope))),
    'unpause-container': async ({ container }, scope) => nothing(unpauseContainer(engine, resolve(container, scope))),
    'remove-container': async ({ container, volumes, force }, scope) => {
      const id = resolve(container, scope)
      await ending(scope.clock, () => removeContainer(engine, journal, id, { volumes, force }))
      journal.hooks?.done(id)
      journal.networks?.gone(id)
      return {}
    },
    'rename-container': async ({ container, name }, scope) =>
      nothing(renameContainer(engine, resolve(container, scope), name)),
    'set-restart-policy': async ({ container, policy }) => nothing(engine.setRestartPolicy(container, policy)),
    pause: async ({ ms }, { clock, signal }) => nothing(clock.sleep(ms, signal)),
    monitor: async (action, scope) =>
      nothing(monitor({ engine, watch }, action, resolve(action.container, scope), scope)),
    'tell-of-data': async (action, scope) =>
      nothing(tellOfData(engine, action, resolve(action.container, scope), scope)),
    'check-database': (action, scope) => checkDatabase(engine, action, resolve(action.container, scope), scope),
    'judge-update': async (action, scope) => judgeUpdate(action, scope),
    'wait-gone': async ({ container }, scope) => nothing(waitGone(engine, watch, container, scope)),
    'wait-ready': (action, scope) =>
      waitReady({ engine, watch, gate: probes }, action, resolve(action.container, scope), scope),
    'check-running': async (action, scope) => nothing(checkRunning(engine, action, scope)),
  }
  return noticing(attending(performWith(performers)))
}

/** What was there when the plan was made, and is gone now, was taken by someone else; and so may the engine have been, for a while. */
function noticing(perform: Perform<EngineAction>): Perform<EngineAction> {
  return async (action, scope) => {
    try {
      return await perform(action, scope)
    } catch (thrown) {
      throw isAway(thrown) ? thrown : isGone(thrown) ? gone(thrown) : remedied(thrown)
    }
  }
}

/** What the engine said, with what can be done about it where that is known. */
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
