import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import type { Declared } from '../backend.ts'
import { ROWS } from './lower/lower.ts'

/** Attributes of a service that are carried out elsewhere than in the create call. */
export const HANDLED_ELSEWHERE: ReadonlySet<string> = new Set([
  'attach',
  'build',
  'container_name',
  'depends_on',
  'env_file',
  'extends',
  'external_links',
  'image',
  'label_file',
  'labels',
  'links',
  'networks',
  'platform',
  'profiles',
  'pull_policy',
  'scale',
])

/** What is carried out of attributes that are mappings. */
const PARTS: Record<string, ReadonlySet<string>> = {
  build: new Set([
    'args',
    'cache_from',
    'context',
    'dockerfile',
    'dockerfile_inline',
    'extra_hosts',
    'labels',
    'network',
    'no_cache',
    'platforms',
    'pull',
    'shm_size',
    'tags',
    'target',
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
  return Object.entries(declared.stack.services).flatMap(([name, service]) =>
    leftOut(service).map((path) => {
      const at = declared.spanOf(`services.${name}.${path}`)
      return warning('not-supported', `"${path}" of service "${name}" is not carried out yet`, { at })
    }),
  )
}

function leftOut(service: Record<string, unknown>): string[] {
  return Object.entries(service).flatMap(([key, value]) => {
    if (key.startsWith('x-') || isEmpty(value)) return []
    if (!isCarriedOut(key)) return [key]
    if (typeof value !== 'object' || Array.isArray(value)) return []
    const parts = Object.entries(value ?? {}).filter(([part, each]) => !part.startsWith('x-') && !isEmpty(each))
    return parts.filter(([part]) => !isCarriedOut(key, part)).map(([part]) => `${key}.${part}`)
  })
}

/** An empty mapping or list asks for nothing. */
function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}
