import { type Diagnostic, warning } from '../../../diagnostics/diagnostic.ts'
import type { Declared } from '../../backend.ts'
import { ROWS } from '../lower/lower.ts'
import { buildNotes, NEVER_DONE } from './build.ts'
import { SWARM_ONLY, swarmNote } from './swarm.ts'

/** Attributes of a service that are carried out elsewhere than in the create call. */
export const HANDLED_ELSEWHERE: ReadonlySet<string> = new Set([
  'attach',
  'build',
  'container_name',
  'depends_on',
  // What `watch` does; `up` has nothing to do with it.
  'develop',
  'env_file',
  'extends',
  'external_links',
  'image',
  'label_file',
  'labels',
  'links',
  'networks',
  'platform',
  'post_start',
  'pre_start',
  'pre_stop',
  'provider',
  'models',
  'profiles',
  'pull_policy',
  'pull_refresh_after',
  'scale',
])

/** What is carried out of attributes that are mappings. */
const PARTS: Record<string, ReadonlySet<string>> = {
  build: new Set([
    'additional_contexts',
    'args',
    'cache_from',
    'cache_to',
    'context',
    'dockerfile',
    'dockerfile_inline',
    'extra_hosts',
    'isolation',
    'labels',
    'network',
    'no_cache',
    'no_cache_filter',
    'platforms',
    'pull',
    'secrets',
    'shm_size',
    'ssh',
    'tags',
    'target',
    'ulimits',
  ]),
  deploy: new Set(['mode', 'replicas', 'resources', 'restart_policy', 'update_config']),
}

/** Whether a service's attribute, or a part of one such as `build.ssh`, is carried out on an engine. */
export function isCarriedOut(attribute: string, part?: string): boolean {
  if (part !== undefined) return PARTS[attribute]?.has(part) ?? true
  return attribute in ROWS || HANDLED_ELSEWHERE.has(attribute)
}

/** Every attribute that this backend leaves out is said, by name and place: nothing is dropped in silence. Pure. */
export function check(declared: Declared): Diagnostic[] {
  const warnings = Object.entries(declared.stack.services).flatMap(([name, service]) =>
    leftOut(service).map((path) => {
      const at = declared.spanOf(`services.${name}.${path}`)
      return warning('not-supported', `"${path}" of service "${name}" is not carried out yet`, { at })
    }),
  )
  return [...warnings, ...buildNotes(declared), ...swarmNote(declared)]
}

function leftOut(service: Record<string, unknown>): string[] {
  return Object.entries(service).flatMap(([key, value]) => {
    if (key.startsWith('x-') || isEmpty(value)) return []
    if (!isCarriedOut(key)) return [key]
    if (typeof value !== 'object' || Array.isArray(value)) return []
    const parts = Object.entries(value ?? {}).filter(([part, each]) => !part.startsWith('x-') && !isEmpty(each))
    const paths = parts.filter(([part]) => !isCarriedOut(key, part)).map(([part]) => `${key}.${part}`)
    return paths.filter((path) => !SWARM_ONLY.includes(path) && !NEVER_DONE.has(path.replace('build.', '')))
  })
}

/** An empty mapping or list asks for nothing. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}
