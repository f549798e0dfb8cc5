import type { Engine } from '../../../../docker/port.ts'
import type { StepContext } from '../../../../execute/step-context.ts'
import type { EngineActions } from '../../action.ts'
import { toldOfData, writablePlaces } from '../../observe/data-risk.ts'

/** A container that never ran has changed no data, and one with the same image uses the same data format. */
export async function reportData(
  engine: Engine,
  { service, image, places }: EngineActions['report-data'],
  container: string,
  { signal, warn }: Pick<StepContext, 'signal' | 'warn'>,
): Promise<void> {
  const detail = await engine.inspectContainer(container, signal.aborted ? undefined : signal)
  if (!detail?.startedAt || detail.imageId === image) return
  const written = writablePlaces(detail)
  const shared = places.filter((place) => written.includes(place))
  if (shared.length > 0) warn(toldOfData(service, shared))
}
