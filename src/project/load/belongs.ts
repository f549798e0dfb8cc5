import type { Replica } from '../../backend/read/containers.ts'
import { ownName } from '../../load/discover/guess-name.ts'
import { realDirectory } from '../../load/file/disk.ts'
import type { Loaded } from '../../load/loaded.ts'
import type { Stack } from '../../stack/model.ts'
import { isFrom } from '../../stack/origin.ts'
import type { Project } from '../project.ts'

/**
 * Why a stack file does not belong to the project named by `-p` or COMPOSE_PROJECT_NAME; undefined if it does: the file itself has
 * that name, or the project's containers were created from it.
 * @param whenEmpty whether the file belongs to a project without containers
 */
export async function whyNotOf(project: Project, loaded: Loaded, whenEmpty: boolean): Promise<string | undefined> {
  const { env } = project.runtime
  if (!project.source.projectName && !env.COMPOSE_PROJECT_NAME) return undefined
  const { input, directory } = await project.files()
  const { stack } = loaded
  const own = ownName(input, directory, project.disk)
  if (own.name === stack.name) return undefined
  const replicas = await (await project.reader()).list(stack.name, { all: true }, project.signal)
  const isChosen = project.source.file.length > 0 || Boolean(env.COMPOSE_FILE)
  if (replicas.length === 0 && (whenEmpty || isChosen || hasProviders(stack))) return undefined
  return strangeness(
    stack,
    replicas.filter(({ oneoff }) => !oneoff),
    isChosen,
    own.isWritten,
  )
}

/**
 * Explicitly named files belong to the project if they declare one of its existing services. Other files must come from the same
 * directory and, if they contain another name, declare all existing services.
 */
function strangeness(
  { origin, services, inactive }: Stack,
  replicas: readonly Replica[],
  isChosen: boolean,
  saysOther: boolean,
): string | undefined {
  const files = origin.configFiles.join(', ')
  const declared = replicas.filter(({ service }) => service in services || service in inactive)
  if (isChosen && declared.length > 0) return undefined
  if (replicas.length === 0) return `no container of it was brought up from ${files}`
  const isWhole = declared.length === replicas.length
  if (!replicas.some((each) => isFrom(each.origin, origin, realDirectory)))
    return isWhole && replicas.every(isHomeless) ? undefined : `it was not brought up from ${files}`
  if (declared.length === 0) return `${files} declares none of its services`
  return saysOther && !isWhole ? `${files} names another project, and does not declare all of its services` : undefined
}

function hasProviders({ services }: Stack): boolean {
  return Object.values(services).some(({ provider }) => provider)
}

/** Whether the directory from which it was brought up does not exist on this machine: it was moved, or is unknown. */
function isHomeless({ origin }: Replica): boolean {
  return realDirectory(origin.workingDir) === undefined
}
