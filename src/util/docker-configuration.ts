import { join } from 'node:path'

/** The folder of the user's Docker configuration: DOCKER_CONFIG, or else `~/.docker`. */
export function configFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  return env.DOCKER_CONFIG || join(home, '.docker')
}
