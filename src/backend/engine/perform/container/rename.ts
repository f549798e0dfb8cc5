import { type Engine, EngineError } from '../../../../docker/port.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { conflict } from '../failure/conflict.ts'

/** A container that already has the name, through a killed command's call, is fine. */
export async function renameContainer(engine: Engine, container: string, name: string): Promise<void> {
  try {
    await engine.renameContainer(container, name)
  } catch (thrown) {
    if (!(thrown instanceof EngineError) || (thrown.status !== 400 && thrown.kind !== 'conflict')) throw thrown
    const own = await engine.inspectContainer(container)
    if (own?.name === name) return
    const holder = await engine.inspectContainer(name)
    const project = own?.labels[COMPOSE.project]
    if (!holder || project === undefined || holder.labels[COMPOSE.project] !== project) throw thrown
    throw conflict(`container ${name} appeared meanwhile`, thrown)
  }
}
