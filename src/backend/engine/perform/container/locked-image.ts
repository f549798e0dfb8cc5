import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import type { Engine } from '../../../../docker/port.ts'
import type { ContainerSpec } from '../../../../docker/spec.ts'
import { type StepContext, StepFailure } from '../../../../execute/step-context.ts'
import { contentId } from '../../../../lockfile/content-id.ts'
import type { EngineActions } from '../../action.ts'
import { resolve } from '../resolve.ts'

type Create = EngineActions['create-container']

/** The image by its id, if its name does not lead to the locked content: an image that was loaded from a file has no digest. */
export async function withLockedImage(
  engine: Engine,
  { content, image, service }: Create,
  spec: ContainerSpec,
  context: StepContext,
): Promise<ContainerSpec> {
  if (content === undefined) return spec
  const named = await engine.inspectImage(spec.Image, context.signal)
  const id = image === undefined ? named?.id : resolve(image, context)
  const used = id === named?.id ? named : await engine.inspectImage(id ?? spec.Image, context.signal)
  const actual = used && contentId(used)
  if (!used || actual !== content) throw new StepFailure(otherContent(service, spec.Image, { content, actual }))
  return used === named ? spec : { ...spec, Image: used.id }
}

function otherContent(
  service: string,
  reference: string,
  { content, actual }: { content: string; actual?: string | undefined },
) {
  const is = actual === undefined ? 'is gone' : `has the content ${actual}`
  return error('lock-differs', `${service}: image ${foreign(reference)} ${is}, but ${content} is locked`)
}
