import type { Template } from './template.ts'

/** The services among `all` that a service connects to. */
export function targetsOf(template: Template, all: readonly Template[]): Template[] {
  const roles = template.connects ?? []
  return all.filter((other) => other !== template && other.gives && roles.includes(other.role))
}

/** The environment variables that a service gets for its connections. */
export function connectionsOf({ connected }: Template, targets: readonly Template[]): Record<string, string> {
  const [first] = targets
  if (!first) return {}
  return connected ? { ...connected(first) } : Object.assign({}, ...targets.map(({ gives }) => gives))
}
