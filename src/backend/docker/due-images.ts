import type { Engine } from '../../docker/port.ts'
import type { Service, Stack } from '../../stack/model.ts'
import { imageName } from '../../stack/names.ts'
import { parseDuration } from '../../stack/units.ts'
import { mayBeId } from './image-reference.ts'

/** The images to pull again: their pull policy's period has passed since the last pull, or the time of that is unknown. */
export async function dueImages(
  engine: Engine,
  stack: Stack,
  now: () => number,
  signal: AbortSignal,
): Promise<string[]> {
  const periods = Object.entries(stack.services).flatMap(([name, service]): [string, number][] => {
    const reference = imageName(stack, name, service)
    const period = service.build || reference.includes('@') || mayBeId(reference) ? undefined : refreshPeriod(service)
    return period === undefined ? [] : [[reference, period]]
  })
  const due = await Promise.all(
    periods.map(async ([reference, period]) => {
      const image = await engine.inspectImage(reference, signal)
      return image && !(image.tagged && Date.parse(image.tagged) + period > now()) ? [reference] : []
    }),
  )
  return [...new Set(due.flat())].sort()
}

/**
 * The period, in milliseconds, after which an image is pulled again; undefined for policies without a period. `refresh` without a
 * period means `always`. Source: Compose Specification, 05-services, "pull_policy"; compose-go, types/project.go.
 */
export function refreshPeriod({ pull_policy, pull_refresh_after }: Service): number | undefined {
  const text = periodText(pull_policy, pull_refresh_after)
  const nanoseconds = text === undefined ? undefined : parseDuration(text)
  return nanoseconds === undefined ? undefined : nanoseconds / 1e6
}

function periodText(policy = '', after = '0'): string | undefined {
  if (policy === 'refresh') return after
  if (policy === 'daily') return '1d'
  if (policy === 'weekly') return '1w'
  return policy.startsWith('every_') ? policy.slice('every_'.length) : undefined
}
