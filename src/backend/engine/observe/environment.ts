import type { Engine } from '../../../docker/port.ts'
import type { Stack } from '../../../stack/model.ts'
import { WINDOWS_ONLY } from '../../docker/attribute-lists.ts'
import { dueImages } from '../../docker/due-images.ts'
import { HERE, sourceFiles } from '../../docker/host-paths.ts'
import { staleImages } from '../../docker/stale-image.ts'
import type { Intent } from '../../intent.ts'
import type { BackendOptions } from '../../options.ts'
import type { Observed, Observing } from './observed.ts'

type Options = Pick<BackendOptions, 'isOpenToAll' | 'wallTime'>

/** Finds where the engine runs and which images are due. Calls the engine only for attributes that depend on it. */
export async function observeEnvironment(
  { engine, stack, signal }: Observing,
  { isOpenToAll = () => true, wallTime = Date.now }: Options,
  intent?: Intent,
): Promise<Pick<Observed, 'engineHost' | 'due' | 'stale'>> {
  const isUp = intent === undefined || intent.kind === 'up'
  const [os, due, stale] = await Promise.all([
    isUp ? systemOf(engine, stack, signal) : HERE.os,
    isUp || intent.kind === 'pull' ? dueImages(engine, stack, wallTime, signal) : [],
    staleImages(engine, stack, signal, intent),
  ])
  const closed = sourceFiles(stack).filter((path) => !isOpenToAll(path))
  return { engineHost: { ...HERE, ...engine.location, os, closed }, ...(due.length > 0 && { due }), stale }
}

async function systemOf(engine: Engine, stack: Stack, signal: AbortSignal): Promise<string> {
  const matters = Object.values(stack.services).some((service) =>
    WINDOWS_ONLY.some((key) => service[key] !== undefined),
  )
  return matters ? (await engine.version(signal)).os : HERE.os
}
