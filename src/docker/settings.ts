import { join } from 'node:path'
import { configFolder } from '../util/docker-configuration.ts'
import { readSmallFile } from './small-file.ts'

/** A top-level string of the user's Docker configuration; undefined if it is absent or the configuration cannot be read. */
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
