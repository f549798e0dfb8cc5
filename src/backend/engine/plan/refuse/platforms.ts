import { type Diagnostic, error } from '../../../../diagnostics/diagnostic.ts'
import { isPlatform } from '../../../docker/platform.ts'
import { serviceIn } from '../context.ts'
import type { UpContext } from '../types.ts'

const HINT = 'write it as linux/amd64 or linux/arm64/v8'

/** Platforms that are none: the engine would refuse the pull, the build or the container. */
export function invalidPlatforms(context: UpContext): Diagnostic[] {
  const services = context.selection.map((name) => [name, serviceIn(context, name)] as const)
  const { stack, spanOf } = context.declared
  const { defaultPlatform = '' } = stack
  const own = services
    .filter(([, { platform }]) => platform && !isPlatform(platform))
    .map(([name, { platform }]) => {
      const at = spanOf(`services.${name}.platform`)
      return error('invalid-value', `"${platform}", the platform of service "${name}", is none`, { at, hint: HINT })
    })
  const isUsed = services.some(([, { platform, provider }]) => !platform && !provider)
  if (!isUsed || defaultPlatform === '' || isPlatform(defaultPlatform)) return own
  const message = `DOCKER_DEFAULT_PLATFORM is not a platform: "${defaultPlatform}"`
  return [...own, error('invalid-value', message, { hint: HINT })]
}
