import { resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import { unitText } from './systemd-unit.ts'

/** The variables to copy: they select the engine and the files. Others may contain secrets, and everyone can read units. */
const TAKEN_ALONG = /^(DOCKER_(HOST|CONTEXT|CONFIG|TLS_VERIFY|CERT_PATH)|XDG_(STATE|CONFIG)_HOME|COMPOSE_[A-Z_]+)$/
const NOT_TAKEN = new Set([
  'COMPOSE_FILE',
  'COMPOSE_PROJECT_NAME',
  'COMPOSE_PROFILES',
  'COMPOSE_ENV_FILES',
  'COMPOSE_ANSI',
])

/** Throws a StackError if the stack cannot be read again later, e.g. from standard input. */
export async function printUnit(context: Context, services: readonly string[], isRoot: boolean): Promise<void> {
  const { host } = context
  const [project, { input, directory }, { envFileFlags }] = await Promise.all([
    context.project.name(),
    context.project.files(),
    import('../../../load/variable/variables.ts'),
  ])
  if (input.files.includes('-')) throw new StackError([fromStdin()])
  const files = input.files.flatMap((file) => ['--file', resolve(host.cwd, file)])
  const envFiles = envFileFlags(input, context.project.disk, directory).flatMap((file) => ['--env-file', file])
  const profiles = (input.profiles ?? []).flatMap((profile) => ['--profile', profile])
  const places = ['--project-name', project, '--project-directory', directory]
  const variables = Object.entries(host.env).filter(([name]) => TAKEN_ALONG.test(name) && !NOT_TAKEN.has(name))
  context.print(
    unitText({
      project,
      command: [...(host.program ?? ['flotilla']), ...files, ...places, ...envFiles, ...profiles, 'guard', ...services],
      directory,
      environment: Object.fromEntries(variables.flatMap(([name, value]) => (value ? [[name, value]] : []))),
      ofSystem: isRoot,
    }),
  )
}

export function fromStdin() {
  const hint = 'write it to a file, and name the file with -f'
  return error('usage', 'a stack from standard input cannot be guarded: it has to be read again', { hint })
}
