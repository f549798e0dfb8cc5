import { isAway } from '../../diagnostics/backend-error.ts'
import { type Engine, EngineError, failedInside } from '../../docker/port.ts'
import type { StepContext } from '../../execute/step-context.ts'
import type { ImageActions } from './action.ts'
import { familiar } from './image-reference.ts'
import { pullFailed, pushFailed } from './registry-images.ts'

/** Whether an image could be pulled, as far as its registry says. Throws the failure of the pull. */
export async function rehearsePull(
  engine: Engine,
  action: ImageActions['pull-image'],
  { signal }: Pick<StepContext, 'signal'>,
): Promise<void> {
  try {
    await engine.registryDigest(familiar(action.reference), signal)
  } catch (thrown) {
    throw thrown instanceof EngineError && !isAway(thrown) ? pullFailed(action, thrown) : thrown
  }
}

/** Whether there is an image to push. Its registry is not asked: a first push is to a repository that does not exist yet. */
export async function rehearsePush(
  engine: Engine,
  action: ImageActions['push-image'],
  { signal }: Pick<StepContext, 'signal'>,
): Promise<void> {
  const image = await engine.inspectImage(action.reference, signal)
  if (!image) throw pushFailed(action, failedInside('an image of this name does not exist locally'))
}
