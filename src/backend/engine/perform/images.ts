import { error } from '../../../diagnostics/diagnostic.ts'
import { type Engine, EngineError } from '../../../docker/port.ts'
import { type Scope, StepFailure, type StepOutput } from '../../../run/scope.ts'
import type { EngineActions } from '../action.ts'

const OUTPUT_LINES = 30

export async function pullImage(
  engine: Engine,
  action: EngineActions['pull-image'],
  scope: Scope,
): Promise<StepOutput> {
  const { reference, platform } = action
  try {
    await engine.pullImage(reference, {
      signal: scope.signal,
      onProgress: scope.progress,
      ...(platform && { platform }),
    })
  } catch (thrown) {
    throw thrown instanceof EngineError ? pullFailed(action, thrown) : thrown
  }
  const image = await engine.inspectImage(reference, scope.signal)
  if (!image) throw pullFailed(action, new EngineError('the engine has no such image after pulling it'))
  return { imageId: image.id }
}

function pullFailed({ reference, service }: EngineActions['pull-image'], cause: EngineError): StepFailure {
  const tries = [
    'check the spelling of the image and its tag',
    'log in to its registry (docker login) if it is private',
    'check that this machine reaches the registry, or build the image here with `build:`',
  ]
  const problem = error(
    'image-unavailable',
    `image "${reference}" of service "${service}" cannot be pulled: ${cause.message}`,
  )
  return new StepFailure(problem, { subject: `image/${reference}`, image: reference, tries }, { cause })
}

export async function buildImage(
  engine: Engine,
  action: EngineActions['build-image'],
  scope: Scope,
): Promise<StepOutput> {
  const output: string[] = []
  const onOutput = (line: string) => {
    output.push(line)
    if (output.length > OUTPUT_LINES) output.shift()
  }
  try {
    return {
      ...(await engine.buildImage(action.build, { signal: scope.signal, onProgress: scope.progress, onOutput })),
    }
  } catch (thrown) {
    throw thrown instanceof EngineError ? buildFailed(action, thrown, output) : thrown
  }
}

function buildFailed({ service, build }: EngineActions['build-image'], cause: EngineError, log: string[]): StepFailure {
  const [image = service] = build.tags
  const problem = error('build-failed', `the image of service "${service}" cannot be built: ${cause.message}`)
  const tries = [
    `look at the step that failed in ${build.dockerfileInline === undefined ? build.dockerfile : 'dockerfile_inline'}`,
  ]
  return new StepFailure(
    problem,
    { subject: `image/${image}`, image, ...(log.length > 0 && { log }), tries },
    { cause },
  )
}
