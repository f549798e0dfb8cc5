import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Path } from '../../yaml/tree.ts'
import { keysOf, keysOfDefinition, schemaAt } from './shape.ts'

/** Service keys from other tools or old versions that people write by habit, with the equivalents here. */
const SERVICE_HABITS: Readonly<Record<string, string>> = {
  name: 'write `container_name` for a fixed container name; the service is named by its key',
  env: 'did you mean "environment"?',
  envs: 'did you mean "environment"?',
  variables: 'did you mean "environment"?',
  cmd: 'did you mean "command"?',
  args: 'did you mean "command"? build arguments go under `build`',
  port: 'did you mean "ports"?',
  mounts: 'did you mean "volumes"?',
  net: 'did you mean "networks", or "network_mode"?',
  network: 'did you mean "networks", or "network_mode"?',
  memory: 'did you mean "mem_limit"?',
  mem: 'did you mean "mem_limit"?',
  cpu: 'did you mean "cpus"?',
  health: 'did you mean "healthcheck"?',
  workdir: 'did you mean "working_dir"?',
  restart_policy: 'did you mean "restart"? `restart_policy` goes under `deploy`',
  requires: 'did you mean "depends_on"?',
  ressources: 'write `resources` under `deploy`',
  log_driver: 'write `driver` under `logging`',
  log_opt: 'write `options` under `logging`',
  volume_driver: 'declare the volume at the top level and write `driver` there',
  dockerfile: 'write `dockerfile` under `build`',
}

const TOP_HABITS: Readonly<Record<string, string>> = {
  service: 'did you mean "services"?',
  env_file: 'this key belongs to a service; variables for the file itself come from `.env` or `--env-file`',
}

/** A service's sections whose keys people forget to indent. */
const SECTIONS = ['build', 'deploy', 'healthcheck'] as const

export function hintForUnknownKey(key: string, parent: Path): string {
  const known = habitual(key, parent) ?? misplaced(key, parent) ?? portPair(key, parent)
  return known ?? didYouMean(key, keysOf(schemaAt(parent))) ?? 'custom keys must start with "x-"'
}

function habitual(key: string, parent: Path): string | undefined {
  const habits = parent.length === 0 ? TOP_HABITS : isService(parent) ? SERVICE_HABITS : {}
  return Object.hasOwn(habits, key) ? habits[key] : undefined
}

/** A key that belongs one level further up or down. */
function misplaced(key: string, parent: Path): string | undefined {
  const inService = keysOfDefinition('service').includes(key)
  if (parent.length === 0)
    return inService ? `"${key}" belongs to a service: indent it below a name in \`services\`` : undefined
  if (isService(parent)) {
    const section = SECTIONS.find((each) => keysOfDefinition(each).includes(key))
    if (section) return `"${key}" belongs under \`${section}\``
    return keysOf(schemaAt([])).includes(key)
      ? `"${key}" belongs to the top level of the file: check its indentation`
      : undefined
  }
  if (parent[0] !== 'services' || !inService || parent.length > 4) return undefined
  return `"${key}" belongs to the service itself: indent it like \`${parent[2]}\``
}

function isService(path: Path): boolean {
  return path.length === 2 && path[0] === 'services'
}

/** `- 8080: 80` is a mapping. */
function portPair(key: string, parent: Path): string | undefined {
  const port = parent.at(-2) === 'ports' && /^\d+$/.test(key)
  return port ? `write the ports in quotes and without a space: "${key}:…"` : undefined
}
