import { isAway } from '../../../../diagnostics/backend-error.ts'
import { error } from '../../../../diagnostics/diagnostic.ts'
import { type ContainerDetail, type Engine, EngineError, type MountPoint } from '../../../../docker/port.ts'
import { type StepContext, StepFailure, type StepOutput } from '../../../../execute/step-context.ts'
import type { EngineActions } from '../../action.ts'
import { type DataPlace, MARKER_LIMIT, placesOfData, placesOfOlderData } from '../../database/data-version.ts'
import { type FamilyName, isWithin } from '../../database/family.ts'
import { PACKAGE_LISTS, versionInPackages, versionInVariables } from '../../database/image-version.ts'
import { whyNot } from '../../database/verdict.ts'
import { releaseName, type ServerVersion } from '../../database/version.ts'

/** A longer package list is not searched. */
const LIST_LIMIT = 8 * 1024 * 1024

type Check = EngineActions['check-database']

interface Found {
  version: ServerVersion
  /** The mount of the data directory. */
  mount: MountPoint
}

/** Fails if the server of a container that has not started yet cannot read its existing data. Unknown versions are not refused. */
export async function checkDatabase(
  engine: Engine,
  action: Check,
  container: string,
  { signal }: Pick<StepContext, 'signal'>,
): Promise<StepOutput> {
  const detail = await engine.inspectContainer(container, signal)
  const data = detail && (await versionOfData(engine, action, detail, signal))
  const image = data && (await versionOfImage(engine, action.family, detail, signal))
  const reason = data && image && whyNot(data.version, image)
  if (detail && reason) throw refusal(action, detail, { data, image, reason })
  return data ? { data: releaseName(data.version) } : {}
}

async function versionOfData(
  engine: Engine,
  { family, kept }: Check,
  detail: ContainerDetail,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const env = variablesOf(detail.spec.Env)
  const words = [...(detail.spec.Entrypoint ?? []), ...(detail.spec.Cmd ?? [])]
  const own = placesOfData(family, env, words)
  for (const place of [...own, ...(family === 'postgresql' ? placesOfOlderData(env) : [])]) {
    const mount = keptMount(detail, kept, place)
    const version = mount && (await readMarker(engine, detail.id, place, signal))
    if (mount && version) return { version, mount }
  }
  return undefined
}

/** The mount that contains the place, if it existed before. */
function keptMount({ mounts }: ContainerDetail, kept: readonly string[], { path }: DataPlace): MountPoint | undefined {
  const [innermost] = mounts
    .filter(({ target }) => isWithin(path, target))
    .sort((a, b) => b.target.length - a.target.length)
  return innermost && !innermost.readOnly && kept.includes(innermost.name ?? innermost.source) ? innermost : undefined
}

async function readMarker(
  engine: Engine,
  container: string,
  { path, marker }: DataPlace,
  signal: AbortSignal,
): Promise<ServerVersion | undefined> {
  const file = await readQuietly(engine, { container, path, limit: MARKER_LIMIT }, signal)
  return file && marker.read(file.content)
}

async function versionOfImage(
  engine: Engine,
  family: FamilyName,
  { id, imageId }: ContainerDetail,
  signal: AbortSignal,
): Promise<ServerVersion | undefined> {
  const image = await engine.inspectImage(imageId, signal)
  const named = versionInVariables(family, variablesOf(image?.env))
  if (named) return named === 'unclear' ? undefined : named
  for (const list of PACKAGE_LISTS) {
    const file = await readQuietly(engine, { container: id, path: list.path, limit: LIST_LIMIT }, signal)
    if (file && file.size > LIST_LIMIT) return undefined
    if (file) return versionInPackages(family, list, new TextDecoder().decode(file.content))
  }
  return undefined
}

/** Undefined if the engine cannot read the file; throws if the engine is away or the container is gone. */
async function readQuietly(
  engine: Engine,
  { container, path, limit }: { container: string; path: string; limit: number },
  signal: AbortSignal,
): Promise<{ size: number; content: Uint8Array } | undefined> {
  try {
    return await engine.readFile(container, path, { limit }, signal)
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || isAway(thrown) || thrown.kind === 'gone') throw thrown
    return undefined
  }
}

function variablesOf(env: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    env.map((each) => {
      const at = each.indexOf('=')
      return at < 0 ? [each, ''] : [each.slice(0, at), each.slice(at + 1)]
    }),
  )
}

const DUMPS = { PostgreSQL: 'pg_dumpall', MySQL: 'mysqldump --all-databases', MariaDB: 'mariadb-dump --all-databases' }

function refusal(
  { service }: Check,
  { spec }: ContainerDetail,
  { data: { version, mount }, image, reason }: { data: Found; image: ServerVersion; reason: string },
): StepFailure {
  const kind = mount.name === undefined ? 'directory' : 'volume'
  const place = `${kind} "${mount.name ?? mount.source}"`
  const release = releaseName(version)
  const text = `${service}: ${place} holds data of ${release}, but image ${spec.Image} is ${releaseName(image)}, which ${reason}`
  const move = `dump them with it (${DUMPS[version.product]}), give the new one another ${kind}, and load the dump there`
  const hint = `nothing was stopped, and the data are unchanged; keep an image of ${release}, or move the data: ${move}`
  return new StepFailure(error('database-version', text, { hint }))
}
