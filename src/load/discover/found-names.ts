/** Names under which a stack file is found, by precedence: those of `docker compose`, then our own (only with top-level `services`). */
export const COMPOSE_NAMES: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
]

export const STACK_NAMES: readonly string[] = ['stack.yaml', 'stack.yml']

export const FOUND_NAMES: readonly string[] = [...COMPOSE_NAMES, ...STACK_NAMES]
