import type { Service } from '../../../stack/model.ts'
import type { UpContext } from './types.ts'

export function serviceIn(context: UpContext, name: string): Service {
  return context.declared.stack.services[name] ?? {}
}

/** `1.41` as a comparable number: 141. */
export function apiNumber(version: string | undefined): number {
  const [major = '1', minor = '41'] = (version ?? '1.41').split('.')
  return Number(major) * 100 + Number(minor)
}
