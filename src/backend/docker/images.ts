import { isAbsolute, resolve } from 'node:path'
import { isAway } from '../../diagnostics/backend-error.ts'
import { error, warning } from '../../diagnostics/diagnostic.ts'
import { foreign } from '../../diagnostics/foreign.ts'
import { ownCommand } from '../../diagnostics/own-command.ts'
import { type BuildSpec, type Engine, EngineError, type FailedStep } from '../../docker/port.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../execute/step-context.ts'
import { imageAddress } from '../../stack/address.ts'
import type { ImageActions } from './action.ts'
import { quotedProgress } from './registry-images.ts'
import { remediesFor } from './remedies.ts'

export async function buildImage(
  engine: Engine,
  action: ImageActions['build-image'],
  context: StepContext,
  contentOf: (key: string) => Uint8Array | undefined,
): Promise<StepOutput> {
  let failed: FailedStep | undefined
  const onIgnored = (what: string, why: string) =>
    context.warn(
      warning('not-supported', `"build.${what}" of service "${action.service}" is left out: ${foreign(why)}`),
    )
  try {
    const options = {
      signal: context.signal,
      onProgress: quotedProgress(context),
      onOutput: (line: string) => context.print('stdout', [line]),
      onFailed: (step: FailedStep) => {
        failed = step
      },
      contentOf,
      onIgnored,
      onUnrepeatable: (why: string) => context.warn(unrepeatable(action.service, why)),
    }
    return { ...(await engine.buildImage(action.build, options)) }
  } catch (thrown) {
    throw thrown instanceof EngineError && !isAway(thrown) ? buildFailed(action, thrown, failed) : thrown
  }
}

function unrepeatable(service: string, why: string) {
  const message = `another build of service "${service}" gives another image: ${foreign(why)}`
  return warning('not-supported', message, { hint: `${ownCommand('lock')} pins the image that was built` })
}

function buildFailed(
  { service, build }: ImageActions['build-image'],
  cause: EngineError,
  { log = [], source, step }: Partial<FailedStep> = {},
): StepFailure {
  const [image = service] = build.tags
  const reason = source && step ? withoutStep(cause.message, step) : cause.message
  const problem = error('build-failed', `the image of service "${service}" cannot be built: ${foreign(reason)}`)
  const file = dockerfileOf(build)
  const known = [...remediesFor(cause.message), ...builderRemedies(`${cause.message}\n${log.join('\n')}`)]
  const tries = source ? known : [...known, `look at the step that failed in ${file}`]
  const report = {
    subject: imageAddress(image),
    image,
    ...(source && { source: `${file}:${source.line}: ${source.text}` }),
    ...(log.length > 0 && { log }),
    tries,
  }
  return new StepFailure(problem, report, { cause })
}

/** The sentence after the step that failed, which the report quotes with its line. */
function withoutStep(sentence: string, step: string): string {
  const at = sentence.indexOf(`${step}: `)
  return at < 0 ? sentence : sentence.slice(at + step.length + 2)
}

/** An absolute path, if the Dockerfile is on this machine. */
function dockerfileOf({ context, dockerfile, dockerfileInline }: BuildSpec): string {
  if (dockerfileInline !== undefined) return 'dockerfile_inline'
  return isAbsolute(context) ? resolve(context, dockerfile) : dockerfile
}

/** Error messages of the builder, with remedies in the Dockerfile. */
const BUILDER_REMEDIES: [RegExp, string][] = [
  [
    /docker\/dockerfile|frontend (?!dockerfile\.v0)/i,
    'its `# syntax=` line makes the builder pull that frontend from a registry: make the registry reachable, or remove the line',
  ],
  [
    /unknown instruction|unknown flag: (link|parents|exclude)/i,
    "the engine's BuildKit is older than this syntax (here-documents, --link): a `# syntax=docker/dockerfile:1` line brings a newer one",
  ],
  [/secret .* not found/i, 'declare it under `build.secrets`, and check that its file or variable exists'],
]

function builderRemedies(said: string): string[] {
  return BUILDER_REMEDIES.filter(([pattern]) => pattern.test(said)).map(([, remedy]) => remedy)
}
