import { StackError } from '../../../diagnostics/checked.ts'
import { error } from '../../../diagnostics/diagnostic.ts'
import type { Loaded } from '../../../load/loaded.ts'

/** Throws a StackError for each service without an image: the published stack does not contain its sources. */
export function refuseBuildOnly({ stack: { services }, spanOf }: Loaded): void {
  const builds = Object.entries(services).filter(([, { image, build }]) => build && !image)
  const problems = builds.map(([name]) =>
    error('publish-refused', `service "${name}" has only a build, whose sources are not published`, {
      at: spanOf(`services.${name}.build`),
      hint: 'add image: a name in a registry; the image is pushed there',
    }),
  )
  if (problems.length > 0) throw new StackError(problems)
}
