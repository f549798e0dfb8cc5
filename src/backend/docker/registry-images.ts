import { isAway } from '../../diagnostics/backend-error.ts'
import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { ownCommand, shellCommand } from '../../diagnostics/own-command.ts'
import { type Engine, EngineError, failedInside } from '../../docker/port.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../execute/step-context.ts'
import { imageAddress } from '../../stack/address.ts'
import type { ImageActions } from './action.ts'
import { mayBeId } from './image-reference.ts'
import { remediesFor } from './remedies.ts'

const NO_SUCH_ID = 'if this is the id of an image, this engine does not have it: name the image by its tag or digest'

export async function pullImage(
  engine: Engine,
  action: ImageActions['pull-image'],
  context: StepContext,
): Promise<StepOutput> {
  const { reference, platform } = action
  const { signal } = context
  const options = { signal, onProgress: quotedProgress(context), ...(platform && { platform }) }
  try {
    await persistently(context, () => engine.pullImage(reference, options))
  } catch (thrown) {
    throw thrown instanceof EngineError && !isAway(thrown) ? pullFailed(action, thrown) : thrown
  }
  const image = await engine.inspectImage(reference, signal)
  if (!image) throw pullFailed(action, failedInside('the engine has no such image after pulling it'))
  if (action.noteTime) await engine.tagImage(image.id, reference)
  return { imageId: image.id }
}

export async function pushImage(
  engine: Engine,
  action: ImageActions['push-image'],
  context: StepContext,
): Promise<void> {
  const { reference } = action
  const options = { signal: context.signal, onProgress: quotedProgress(context) }
  try {
    await persistently(context, () => engine.pushImage(reference, options))
  } catch (thrown) {
    throw thrown instanceof EngineError && !isAway(thrown) ? pushFailed(action, thrown) : thrown
  }
}

/** An image that is already gone counts as removed; an image in use stays, which is not a failure. */
export async function removeImage(
  engine: Engine,
  { reference }: ImageActions['remove-image'],
  { warn }: Pick<StepContext, 'warn'>,
): Promise<void> {
  try {
    await engine.removeImage(reference)
  } catch (thrown) {
    if (!(thrown instanceof EngineError && thrown.kind === 'conflict')) throw thrown
    warn(warning('image-in-use', `image "${reference}" is kept: ${foreign(thrown.message)}`))
  }
}

/** Escapes progress reports, which quote the engine or a builder. */
export function quotedProgress({ progress }: StepContext): StepContext['progress'] {
  return (text, done, total, running) => progress(foreign(text), done, total, running?.map(foreign))
}

/** The pause in milliseconds before each retry. */
const PAUSES = [1000, 3000]

/** Transient errors of a registry or of the network. A refused connection is not one of them: no registry is there. */
const PASSING =
  /connection reset|connection was reset|unexpected EOF|: EOF$|broken pipe|i\/o timeout|TLS handshake timeout|too ?many ?requests|status(?: code)?:? 50[234]|50[234] (?:Bad Gateway|Service Unavailable|Gateway Time-?out)/i

/** Retries after the connection between the engine and a registry is lost. Layers that have arrived are not sent again. */
async function persistently(context: StepContext, attempt: () => Promise<void>): Promise<void> {
  for (const pause of PAUSES) {
    try {
      return await attempt()
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || isAway(thrown) || !PASSING.test(thrown.message)) throw thrown
      context.progress(`connection lost, trying again: ${foreign(thrown.message)}`)
      await context.clock.sleep(pause, context.signal)
    }
  }
  return attempt()
}

/** Why an image was not pulled, with what to try. */
export function pullFailed({ reference, service, maker }: ImageActions['pull-image'], cause: EngineError): StepFailure {
  const known = remediesFor(cause.message)
  const spelling = mayBeId(reference) ? NO_SUCH_ID : 'check the spelling of the image and its tag'
  const reasons = known.length > 0 && !mayBeId(reference) ? known : [spelling]
  const tries = maker === undefined ? reasons : [`${ownCommand(`build ${maker}`)} builds it instead`, ...reasons]
  const problem = error(
    'image-unavailable',
    `image "${reference}" of service "${service}" cannot be pulled: ${foreign(cause.message)}`,
  )
  return new StepFailure(problem, { subject: imageAddress(reference), image: reference, tries }, { cause })
}

/** Why an image was not pushed, with what to try. */
export function pushFailed({ reference, service }: ImageActions['push-image'], cause: EngineError): StepFailure {
  const message = `image "${reference}" of service "${service}" cannot be pushed: ${foreign(cause.message)}`
  const isMissing = /does not exist locally|no such image/i.test(cause.message)
  const known = isMissing ? [`${ownCommand(`build ${service}`)} builds it`] : remediesFor(cause.message)
  const tries =
    known.length > 0
      ? known
      : [
          `check that you are logged in to its registry (${shellCommand('docker login')}) and may push images of that name`,
        ]
  const report = { subject: imageAddress(reference), image: reference, tries }
  return new StepFailure(error('push-failed', message), report, { cause })
}
