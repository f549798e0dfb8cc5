import { dumpYaml } from '../../yaml/dump.ts'

/** An override file with nothing but services and their images. */
export function lockText(services: Readonly<Record<string, unknown>>, format: 'yaml' | 'json'): string {
  const data = { services }
  return format === 'json' ? `${JSON.stringify(data, null, 2)}\n` : dumpYaml(data)
}
