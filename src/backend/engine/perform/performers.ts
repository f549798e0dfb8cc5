import { availableParallelism } from 'node:os'
import { StackError } from '../../../diagnostics/checked.ts'
import { type Engine, EngineError } from '../../../docker/port.ts'
import { type Perform, type Performers, performWith } from '../../../run/scope.ts'
import type { Journal } from '../../journal.ts'
import type { EngineAction, EngineActions } from '../action.ts'
import { createContainer, putFiles, removeContainer, startContainer, stopContainer } from './containers.ts'
import { gate } from './gate.ts'
import { buildImage, pullImage } from './images.ts'
import { judgeUpdate, monitor } from './monitor.ts'
import { moved } from './moved.ts'
import { createNetwork, removeNetwork } from './networks.ts'
import { resolve } from './resolve.ts'
import { waitGone, waitReady } from './wait.ts'
import type { Watch } from './watch.ts'

export interface PerformOptions {
  watch: Watch
  journal: Journal
  /** What a secret or config holds, by `secret/NAME` or `config/NAME`. */
  contentOf(key: string): Uint8Array | undefined
}

/** One short function an action; deciding was done before. */
export function enginePerform(engine: Engine, options: PerformOptions): Perform<EngineAction> {
  const { watch, journal } = options
  // A probe costs 50 to 65 ms of processor time: half the processors stay free for the services.
  const probes = gate(Math.max(1, Math.floor(availableParallelism() / 2)))
  const performers: Performers<EngineActions> = {
    'create-network': (action) => createNetwork(engine, action),
    'remove-network': async ({ id, name }) => nothing(removeNetwork(engine, id, name)),
    'create-volume': async ({ spec }) => nothing(engine.createVolume(spec)),
    'remove-volume': async ({ name }) => nothing(engine.removeVolume(name)),
    'pull-image': (action, scope) => pullImage(engine, action, scope),
    'build-image': (action, scope) => buildImage(engine, action, scope),
    'create-container': (action, scope) => createContainer(engine, action, scope),
    'connect-network': async ({ network, container, endpoint }, scope) =>
      nothing(engine.connectNetwork(resolve(network, scope), resolve(container, scope), endpoint)),
    'disconnect-network': async ({ network, container }, scope) =>
      nothing(engine.disconnectNetwork(resolve(network, scope), resolve(container, scope), { force: true })),
    'put-files': async ({ container, files }, scope) =>
      nothing(putFiles(engine, resolve(container, scope), files, options.contentOf)),
    'start-container': (action, scope) => startContainer(engine, action, scope),
    'stop-container': async ({ container, grace }, scope) =>
      nothing(stopContainer(engine, journal, resolve(container, scope), grace)),
    'remove-container': async ({ container, volumes, force }, scope) =>
      nothing(removeContainer(engine, journal, resolve(container, scope), { volumes, force })),
    'rename-container': async ({ container, name }, scope) =>
      nothing(engine.renameContainer(resolve(container, scope), name)),
    'set-restart-policy': async ({ container, policy }) => nothing(engine.setRestartPolicy(container, policy)),
    pause: async ({ ms }, { clock, signal }) => nothing(clock.sleep(ms, signal)),
    monitor: async (action, scope) =>
      nothing(monitor({ engine, watch }, action, resolve(action.container, scope), scope)),
    'judge-update': async (action, scope) => judgeUpdate(action, scope),
    'wait-gone': async ({ container }, scope) => nothing(waitGone(engine, watch, container, scope)),
    'wait-ready': async (action, scope) =>
      nothing(waitReady({ engine, watch, gate: probes }, action, resolve(action.container, scope), scope)),
  }
  return noticing(performWith(performers))
}

/** What was there when the plan was made, and is gone now, was taken by someone else; and so may the engine have been, for a while. */
function noticing(perform: Perform<EngineAction>): Perform<EngineAction> {
  return async (action, scope) => {
    try {
      return await perform(action, scope)
    } catch (thrown) {
      throw isMoved(thrown) ? moved(thrown.message, thrown) : thrown
    }
  }
}

async function nothing(done: Promise<void>): Promise<Record<string, never>> {
  await done
  return {}
}

function isMoved(thrown: unknown): thrown is Error {
  if (thrown instanceof StackError) return thrown.diagnostics.some((each) => each.code === 'engine-unreachable')
  if (!(thrown instanceof EngineError)) return false
  return thrown.status === undefined || (thrown.status === 404 && !/image/i.test(thrown.message))
}
