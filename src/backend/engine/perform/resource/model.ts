import { error } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { Programs } from '../../../programs.ts'
import type { EngineActions } from '../../action.ts'

type Prepare = EngineActions['prepare-model']

/** Gets a model by Docker's plugin `model` (docker-model), configures it, and asks where it is served. Output: `env`. */
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
  const subject = serviceAddress(action.service)
  if (!ran) {
    const problem = error(
      'provider-failed',
      `${action.service} uses the model "${action.model}", but Docker's plugin "model" (docker-model) is not installed`,
    )
    throw new StepFailure(problem, {
      subject,
      tries: ['install the Docker Model plugin, or take `models` out of the service'],
    })
  }
  if (ran.code !== 0) {
    const problem = error(
      'provider-failed',
      `${action.service}: \`docker model ${foreign(args.join(' '))}\` ended with exit code ${ran.code}`,
    )
    throw new StepFailure(problem, { subject, log: [...lines, ran.errors].filter(Boolean).slice(-20), tries: [] })
  }
  return lines.join('\n')
}
