// docker_compose_v2_exec and docker_compose_v2_run: what commands print, and how they end.
import { check, task } from './checks.mjs'

const exec = (options) => check(() => [task('_exec', { service: 'web', ...options })])
const run = (options) => check(() => [task('_run', { service: 'db', cleanup: true, ...options })])

export const checks = {
  'exec of a line': exec({ command: 'echo a b' }),
  'exec of words': exec({ argv: ['sh', '-c', 'echo "$WORD"; echo err >&2'] }),
  'exec with an exit code': exec({ argv: ['sh', '-c', 'exit 3'] }),
  'exec with stdin': exec({ argv: ['cat'], stdin: 'hello' }),
  'exec with chdir, env and user': exec({
    argv: ['sh', '-c', 'pwd; echo $A; id -un'],
    chdir: '/tmp',
    env: { A: 'b' },
    user: 'nobody',
  }),
  'exec in a terminal': exec({ argv: ['sh', '-c', 'test -t 1 && echo terminal'], tty: true }),
  'exec with index and privileged': exec({ argv: ['true'], index: 1, privileged: true }),
  'exec detached': exec({ argv: ['sleep', '1'], detach: true }),
  'exec of a command that is not there': exec({ argv: ['nosuch'] }),
  'exec in a service that does not run': check(() => [task('_exec', { service: 'tool', argv: ['true'] })]),
  'run of a line': run({ command: 'echo a b' }),
  'run of words': run({ argv: ['sh', '-c', 'echo out; echo err >&2'] }),
  'run with an exit code': run({ argv: ['sh', '-c', 'exit 3'] }),
  'run with stdin': run({ argv: ['cat'], stdin: 'hello' }),
  'run with chdir, env and user': run({
    argv: ['sh', '-c', 'pwd; echo $A; id -un'],
    chdir: '/tmp',
    env: { A: 'b' },
    user: 'nobody',
  }),
  'run with an entrypoint, labels and a volume': run({
    argv: ['/v/data'],
    entrypoint: 'ls',
    labels: ['a=b'],
    volumes: ['data:/v/data'],
  }),
  'run with capabilities': run({ argv: ['true'], cap_add: ['SYS_PTRACE'], cap_drop: ['NET_RAW'] }),
  'run with a name, kept': check(({ project }) => [
    task('_run', { service: 'db', name: `${project}-one`, argv: ['true'] }),
  ]),
  'run with published ports': run({ argv: ['true'], publish: ['127.0.0.1::81'], use_aliases: true }),
  'run with service_ports': check(
    () => [task('_run', { service: 'web', argv: ['true'], service_ports: true, cleanup: true })],
    { cold: true },
  ),
  'run without dependencies': check(
    () => [task('_run', { service: 'web', argv: ['true'], no_deps: true, cleanup: true })],
    { cold: true },
  ),
  'run with dependencies': check(
    () => [task('_run', { service: 'web', argv: ['true'], cleanup: true, quiet_pull: true, remove_orphans: true })],
    { cold: true },
  ),
  'run detached': check(() => [task('_run', { service: 'db', argv: ['sleep', '1000'], detach: true })]),
  'run of a service of a profile': run({ service: 'tool', argv: ['echo', 'tool'] }),
  'run of a service that is not there': run({ service: 'none', argv: ['true'] }),
}
