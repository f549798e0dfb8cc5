import { join } from 'node:path'
import { configFolder } from '../util/docker-configuration.ts'
import { isMapping } from '../util/object.ts'
import { parsedJson } from '../util/text.ts'
import { readSmallFile } from './small-file.ts'

/** A top-level string of the user's Docker configuration; undefined if it is absent or the configuration cannot be read. */
export function dockerSetting(
  { env, home }: { env: Readonly<Record<string, string | undefined>>; home: string },
  key: string,
): string | undefined {
  const data = dockerConfiguration(configFolder(env, home))
  const value = Object.hasOwn(data, key) ? data[key] : undefined
  return typeof value === 'string' ? value : undefined
}

/** The user's Docker configuration, in this folder. A missing or broken file counts as empty. */
export function dockerConfiguration(folder: string): Record<string, unknown> {
  try {
    return recordIn(parsedJson(readSmallFile(join(folder, 'config.json')).toString('utf8')))
  } catch {
    return {}
  }
}

/** The value as a mapping; anything else counts as empty. */
export function recordIn(data: unknown): Record<string, unknown> {
  return isMapping(data) ? data : {}
}
