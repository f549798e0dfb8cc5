import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Context } from '../../../cli/context.ts'
import { StackError } from '../../../diagnostics/checked.ts'
import { type Diagnostic, error, warning } from '../../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../../load/loaded.ts'
import type { Service } from '../../../stack/model.ts'
import { below, type Rule, rulesOf } from './rules.ts'

/** The watch rules of a stack's services. Throws a StackError if there are none, or if one cannot be applied. */
export async function declaredRules(
  context: Context,
  { stack }: Loaded,
  services: ReadonlySet<string>,
): Promise<Rule[]> {
  const all = rulesOf(stack, services, ignoreFileOf)
  const unbuilt = all.filter(({ action, service }) => action === 'rebuild' && !stack.services[service]?.build)
  if (unbuilt.length > 0) throw new StackError(unbuilt.map(cannotRebuild))
  const mounted = all.filter((rule) => isMounted(rule, stack.services[rule.service]))
  await context.project.warn(mounted.map(alreadyThere))
  const rules = all.filter((rule) => !mounted.includes(rule))
  if (rules.length > 0) return rules
  const hint = 'develop.watch of a service declares which files to watch, and what to do when they change'
  throw new StackError([error('nothing-to-watch', 'no service declares files to watch', { hint })])
}

/** As in builders, `<Dockerfile>.dockerignore` takes precedence over `.dockerignore`. */
function ignoreFileOf({ build }: Service): string | undefined {
  if (!build || /^\w+:\/\//.test(build.context)) return undefined
  const own = build.dockerfile_inline === undefined ? [`${build.dockerfile ?? 'Dockerfile'}.dockerignore`] : []
  for (const name of [...own, '.dockerignore']) {
    try {
      return readFileSync(join(resolve(build.context), name), 'utf8')
    } catch {
      // Try the next file.
    }
  }
  return undefined
}

function cannotRebuild({ service }: Rule): Diagnostic {
  const message = `service "${service}" has a watch rule with the action rebuild, but no build section`
  return error('missing-key', message, { hint: 'sync, restart and sync+restart need none' })
}

/** Whether the path is mounted: then the container sees its changes already. */
function isMounted({ path, action }: Rule, service: Service | undefined): boolean {
  if (!action.startsWith('sync')) return false
  const binds = (service?.volumes ?? []).filter(({ type }) => type === 'bind')
  return binds.some(({ source }) => source !== undefined && below(source, path) !== undefined)
}

function alreadyThere({ service, path }: Rule): Diagnostic {
  return warning('nothing-to-watch', `${path} is already mounted in "${service}": its changes are not synced`)
}
