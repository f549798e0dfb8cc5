import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../diagnostics/foreign.ts'
import { shellCommand } from '../../../diagnostics/own-command.ts'
import { type Engine, EngineError } from '../../../docker/port.ts'
import { familiar } from '../../docker/image-reference.ts'
import type { ImageReader } from '../../read/images.ts'

export function imageReader(engine: Engine): ImageReader {
  return {
    digestOf: (image, signal) => digestOf(engine, image, signal),
    dropNameless: (id, signal) => dropNameless(engine, id, signal),
  }
}

/** Removal by id would also remove an image with a single name, so check first. */
async function dropNameless(engine: Engine, id: string, signal: AbortSignal): Promise<void> {
  const image = await engine.inspectImage(id, signal)
  if (!image || image.tags.length > 0 || image.digests.length > 0) return
  try {
    await engine.removeImage(id)
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || !thrown.isRefusal) throw thrown
  }
}

async function digestOf(engine: Engine, image: string, signal: AbortSignal): Promise<string> {
  try {
    return await engine.registryDigest(familiar(image), signal)
  } catch (cause) {
    if (!(cause instanceof EngineError) || !cause.isRefusal) throw cause
    const local = await engine.inspectImage(image, signal)
    const hint = local
      ? 'the engine has it from elsewhere, e.g. a build: push it, or leave its service out'
      : `check the name, the network, and that you are logged in (${shellCommand('docker login')})`
    throw new StackError([error('image-unavailable', `no registry has ${image}: ${foreign(cause.message)}`, { hint })])
  }
}
