import { isAway } from '../../diagnostics/backend-error.ts'
import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { type Engine, EngineError } from '../../docker/port.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../execute/step-context.ts'
import { imageAddress } from '../../stack/address.ts'
import type { ImageActions } from './action.ts'
import { quotedProgress } from './registry-images.ts'
import { remediesFor } from './remedies.ts'

const OUTPUT_LINES = 30

export async function buildImage(
  engine: Engine,
  action: ImageActions['build-image'],
  context: StepContext,
  contentOf: (key: string) => Uint8Array | undefined,
): Promise<StepOutput> {
  const output: string[] = []
  const onOutput = (line: string) => {
    output.push(line)
    if (output.length > OUTPUT_LINES) output.shift()
  }
  const onIgnored = (what: string, why: string) =>
    context.warn(
      warning('not-supported', `"build.${what}" of service "${action.service}" is left out: ${foreign(why)}`),
    )
  try {
    const { signal } = context
    const onProgress = quotedProgress(context)
    return { ...(await engine.buildImage(action.build, { signal, onProgress, onOutput, contentOf, onIgnored })) }
  } catch (thrown) {
    throw thrown instanceof EngineError && !isAway(thrown) ? buildFailed(action, thrown, output) : thrown
  }
}

function buildFailed({ service, build }: ImageActions['build-image'], cause: EngineError, log: string[]): StepFailure {
  const [image = service] = build.tags
  const problem = error('build-failed', `the image of service "${service}" cannot be built: ${foreign(cause.message)}`)
  const tries = [
    ...remediesFor(cause.message),
    ...builderRemedies(`${cause.message}\n${log.join('\n')}`),
    `look at the step that failed in ${build.dockerfileInline === undefined ? build.dockerfile : 'dockerfile_inline'}`,
  ]
  return new StepFailure(
    problem,
    { subject: imageAddress(image), image, ...(log.length > 0 && { log }), tries },
    { cause },
  )
}

/** Messages of the builder, and what to do about them in the Dockerfile. */
const BUILDER_REMEDIES: [RegExp, string][] = [
  [
    /docker\/dockerfile|frontend/i,
    'its `# syntax=` line has the builder fetch that frontend from a registry: make that reachable, or remove the line',
  ],
  [
    /unknown instruction|unknown flag: (link|parents|exclude)/i,
    "the engine's BuildKit is older than this syntax (here-documents, --link): a `# syntax=docker/dockerfile:1` line brings a newer one",
  ],
  [/secret .* not found/i, 'declare it under `build.secrets`, and see that its file or variable is there'],
]

function builderRemedies(said: string): string[] {
  return BUILDER_REMEDIES.filter(([pattern]) => pattern.test(said)).map(([, remedy]) => remedy)
}
