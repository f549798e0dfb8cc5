import { join } from 'node:path'
import { configFolder } from '../util/docker-configuration.ts'
import { readSmallFile } from './small-file.ts'

/** A text at the top of the user's Docker configuration. Undefined where there is none, or no configuration that can be read. */
export function dockerSetting(
  { env, home }: { env: Readonly<Record<string, string | undefined>>; home: string },
  key: string,
): string | undefined {
  try {
    const data = JSON.parse(readSmallFile(join(configFolder(env, home), 'config.json')).toString('utf8'))
    return Object.hasOwn(data, key) && typeof data[key] === 'string' ? data[key] : undefined
  } catch {
    return undefined
  }
}
