import { createHash } from 'node:crypto'
import { error, warning } from '../../../../diagnostics/diagnostic.ts'
import { foreign } from '../../../../diagnostics/foreign.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import { serviceAddress } from '../../../../stack/address.ts'
import type { Programs } from '../../../programs.ts'
import type { EngineActions } from '../../action.ts'
import { resolve } from '../resolve.ts'

type Run = EngineActions['run-provider']

/** Variables by name, as the dependent containers receive them. */
type ProvidedVariables = Record<string, string>

/**
 * Runs a provider's program with the protocol of `docker compose` (docs/extension.md of docker/compose): JSON lines on its standard
 * output. `stop` is only called if the program's metadata declares it.
 */
export async function runProvider(
  programs: Programs | undefined,
  action: Run,
  context: StepContext,
): Promise<StepOutput> {
  const metadata = await metadataOf(programs, action, context)
  if (action.command === 'stop' && !metadata?.stop) return {}
  const parameters = metadata?.[action.command]?.parameters
  const missing = parameters?.find(({ name, required }) => required && !(name in action.options))
  if (missing) throw failed(action, `needs the option "${missing.name}"`, [], ['set it under `provider.options`'])
  const known = (name: string) => !parameters || parameters.some((each) => each.name === name)
  const options = Object.entries(action.options).flatMap(([name, values]) =>
    known(name) ? values.map((value) => `--${name}=${value}`) : [],
  )
  const args = ['compose', `--project-name=${action.project}`, action.command, ...options, action.service]
  return { env: await listen(programs, action, args, context) }
}

interface Metadata {
  up?: { parameters?: Parameter[] }
  down?: { parameters?: Parameter[] }
  stop?: { parameters?: Parameter[] }
}

interface Parameter {
  name: string
  required?: boolean
}

/** Metadata is optional: a program without it gets every option. If the program is missing, the service fails. */
async function metadataOf(
  programs: Programs | undefined,
  action: Run,
  { signal }: StepContext,
): Promise<Metadata | undefined> {
  const lines: string[] = []
  const ran = await programs?.run(action.type, ['compose', 'metadata'], {
    signal,
    onLine: (line) => void lines.push(line),
  })
  if (!ran)
    throw failed(action, 'is neither a Docker plugin (docker-<type>) nor a program in the PATH', [], ['install it'])
  const found = ran.code === 0 ? (parsed(lines.join('\n')) as Metadata | undefined) : undefined
  return found?.up || found?.down ? found : undefined
}

async function listen(
  programs: Programs | undefined,
  action: Run,
  args: string[],
  context: StepContext,
): Promise<ProvidedVariables> {
  const variables: ProvidedVariables = {}
  const said: string[] = []
  let complaint: string | undefined
  const onLine = (line: string): string | undefined => {
    const { type, message = '' } = (parsed(line) ?? {}) as { type?: string; message?: string }
    if (type === 'get-service-config') return JSON.stringify(action.config)
    if (type === 'setenv') note(variables, message, `${action.service.toUpperCase()}_`)
    else if (type === 'rawsetenv') note(variables, message, '')
    else if (type === 'error') complaint ??= message
    else said.push(message || line)
    if (type === 'info') context.progress(foreign(message.split('\n')[0] ?? ''))
    return undefined
  }
  const ran = await programs?.run(action.type, args, { signal: context.signal, onLine })
  const lines = [...said, ...(ran?.errors.split('\n') ?? [])].filter((line) => line !== '').slice(-20)
  if (complaint !== undefined) throw failed(action, `failed: ${foreign(complaint)}`, lines)
  if (ran?.code !== 0) throw failed(action, `ended with exit code ${ran?.code}`, lines)
  return variables
}

function note(variables: ProvidedVariables, message: string, prefix: string): void {
  const at = message.indexOf('=')
  if (at > 0) variables[prefix + message.slice(0, at)] = message.slice(at + 1)
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function failed(
  { service, type, command, waiting }: Run,
  how: string,
  log: string[],
  tries: string[] = [],
): StepFailure {
  const doing = command === 'up' ? '' : ` (${command})`
  const problem = error('provider-failed', `${service}: its provider "${type}"${doing} ${how}`)
  const story = { ...(log.length > 0 && { log }), ...(waiting.length > 0 && { waiting }) }
  return new StepFailure(problem, { subject: serviceAddress(service), ...story, tries })
}

/**
 * Combines a container's variables. Output: `env`, `digest`, and `same`: whether the existing container has exactly these variables
 * and this image.
 */
export function gatherEnvironment(action: EngineActions['gather-environment'], context: StepContext): StepOutput {
  const env: ProvidedVariables = {}
  for (const { step, names } of action.supplies)
    for (const [name, value] of Object.entries((context.outputOf(step).env ?? {}) as ProvidedVariables)) {
      const as = names ? names[name] : name
      if (as !== undefined) env[as] = value
    }
  for (const name of action.declared.filter((each) => each in env))
    context.warn(
      warning('not-supported', `${action.service}: a provider sets "${name}", which its \`environment\` sets too`),
    )
  const digest = digestOf(env, action.salt)
  const imageIsSame = action.image === undefined || resolve(action.image, context) === action.imageId
  return { env, digest, same: digest === action.recorded && imageIsSame }
}

/** Values may be secrets, and labels are public: 96 bits of a salted hash suffice to detect changes. */
function digestOf(env: ProvidedVariables, salt: string): string {
  const sorted = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(`${salt}\0${JSON.stringify(sorted)}`)
    .digest('base64url')
    .slice(0, 16)
}
