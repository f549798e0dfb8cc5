import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { Programs } from '../../../programs.ts'
import type { EngineActions } from '../../action.ts'

/** Number of output lines of a failed program that are shown. */
const LOG_LINES = 20

type Prepare = EngineActions['prepare-model']

/** Pulls a model with Docker's `model` plugin (docker-model), configures it, and requests its endpoint. Output: `env`. */
export async function prepareModel(
  programs: Programs | undefined,
  action: Prepare,
  context: StepContext,
): Promise<StepOutput> {
  const ask = (args: string[]) => askPlugin(programs, action, args, context)
  const { model, contextSize, flags } = action
  if (!listed(await ask(['ls', '--json'])).includes(model)) await ask(['pull', model])
  const size = contextSize === undefined ? [] : ['--context-size', String(contextSize)]
  await ask(['configure', ...size, model, ...(flags.length > 0 ? ['--', ...flags] : [])])
  const status = JSON.parse((await ask(['status', '--json'])) || '{}') as { endpoint?: string }
  return { env: { model, endpoint: status.endpoint ?? '' } }
}

function listed(output: string): string[] {
  const models = JSON.parse(output || '[]') as { tags?: string[] }[]
  return models.flatMap(({ tags = [] }) => tags)
}

async function askPlugin(
  programs: Programs | undefined,
  action: Prepare,
  args: string[],
  context: StepContext,
): Promise<string> {
  const lines: string[] = []
  const onLine = (line: string) => {
    lines.push(line)
    if (args[0] === 'pull') context.progress(foreign(line))
    return undefined
  }
  const ran = await programs?.run('model', args, { signal: context.signal, onLine, pluginOnly: true })
  if (!ran) throw pluginMissing(action)
  if (ran.code !== 0) throw pluginFailed(action, { args, code: ran.code, output: [...lines, ran.errors] })
  return lines.join('\n')
}

function pluginMissing({ service, model }: Prepare): StepFailure {
  const text = `${service} uses the model "${model}", but Docker's plugin "model" (docker-model) is not installed`
  const tries = ['install the Docker Model plugin, or take `models` out of the service']
  return new StepFailure(error('provider-failed', text), { subject: serviceAddress(service), tries })
}

function pluginFailed(
  { service }: Prepare,
  { args, code, output }: { args: string[]; code: number; output: string[] },
): StepFailure {
  const text = `${service}: \`docker model ${foreign(args.join(' '))}\` ended with exit code ${code}`
  const log = output.filter(Boolean).slice(-LOG_LINES)
  return new StepFailure(error('provider-failed', text), { subject: serviceAddress(service), log, tries: [] })
}
