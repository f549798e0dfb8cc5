import { type Diagnostic, warning } from '../../diagnostics/diagnostic.ts'
import type { Declared } from '../backend.ts'
import { ROWS } from './lower/lower.ts'

/** Attributes that are carried out elsewhere than in the create call. */
const HANDLED_ELSEWHERE = new Set([
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

/** Every attribute that this backend leaves out is said, by name and place: nothing is dropped in silence. Pure. */
export function check(declared: Declared): Diagnostic[] {
  return Object.entries(declared.stack.services).flatMap(([name, service]) =>
    Object.keys(service)
      .filter((key) => !(key in ROWS) && !HANDLED_ELSEWHERE.has(key) && !key.startsWith('x-'))
      .map((key) => {
        const at = declared.spanOf(`services.${name}.${key}`)
        return warning('not-supported', `"${key}" of service "${name}" is not carried out yet`, { at })
      }),
  )
}
